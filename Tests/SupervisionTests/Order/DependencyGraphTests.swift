import Supervision
import Testing

@Suite struct DependencyGraphTests {
    private func graph(_ programs: KeyValuePairs<String, [String]>) -> DependencyGraph {
        DependencyGraph(programs.map { ($0.key, $0.value) })
    }

    private var site: DependencyGraph {
        graph([
            "web": ["db", "cache"], "worker": ["db"], "migrate": ["db"], "db": [], "cache": [],
            "edge": ["web"],
        ])
    }

    @Test func `what a program needs comes in the order in which it says so`() {
        #expect(site.dependencies(of: "web") == ["db", "cache"])
        #expect(site.dependencies(of: "db") == [])
    }

    @Test func `who needs a program comes in the order of the configuration`() {
        #expect(site.dependents(of: "db") == ["web", "worker", "migrate"])
        #expect(site.dependents(of: "edge") == [])
    }

    @Test func `what is needed by what is needed is needed as well, and first`() {
        #expect(site.allDependencies(of: "edge") == ["db", "cache", "web"])
        #expect(site.allDependents(of: "db") == ["edge", "web", "worker", "migrate"])
    }

    @Test func `the order has every program after all that it needs`() {
        #expect(site.order == ["db", "cache", "web", "worker", "migrate", "edge"])
    }

    @Test func `programs that need nothing stay in the order of the configuration`() {
        #expect(graph(["c": [], "a": [], "b": []]).order == ["c", "a", "b"])
    }

    @Test func `a program that needs another twice is needed by it once`() {
        let graph = graph(["a": [], "b": ["a", "a"]])
        #expect(graph.dependents(of: "a") == ["b"])
        #expect(graph.order == ["a", "b"])
    }

    @Test func `a need for what is not there counts for nothing`() {
        let graph = graph(["a": ["ghost"]])
        #expect(graph.dependencies(of: "a") == [])
        #expect(graph.dependents(of: "ghost") == [])
        #expect(graph.allDependencies(of: "ghost") == [])
        #expect(graph.findCycle() == nil)
    }

    @Test func `a graph with diamonds has no cycle`() {
        #expect(site.findCycle() == nil)
        #expect(graph(["a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []]).findCycle() == nil)
    }

    @Test func `a cycle is told whole, and nothing but it`() {
        let programs: KeyValuePairs = ["way": ["in"], "in": ["b"], "b": ["c"], "c": ["d", "b"]]
        #expect(graph(programs).findCycle() == ["b", "c", "b"])
        #expect(graph(["web": ["db"], "db": ["web"]]).findCycle() == ["web", "db", "web"])
        #expect(
            graph(["a": ["b"], "b": ["c"], "c": ["d"], "d": ["a"]]).findCycle()
                == ["a", "b", "c", "d", "a"]
        )
    }

    @Test func `a program that needs itself is a cycle`() {
        #expect(graph(["a": [], "b": ["b"]]).findCycle() == ["b", "b"])
    }

    @Test func `a chain may be as long as a configuration`() {
        let length = 100_000
        let chain = DependencyGraph(
            (0..<length).map { ("\($0)", $0 + 1 < length ? ["\($0 + 1)"] : []) }
        )
        #expect(chain.findCycle() == nil)
        #expect(chain.order.first == "\(length - 1)")
        #expect(chain.allDependencies(of: "0").count == length - 1)
    }
}
