import Foundation
import Supervision
import Testing

@testable import Daemon

/// A daemon one version older or newer goes on from what this one writes, and the other way round.
///
/// `state-v1.json` was written by version 1 and never changes; a later version has one of its own.
@Suite struct HandoverTextTests {
    private typealias Object = [String: Any]

    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "state-v1.json")

    private func written() throws -> [UInt8] {
        if ProcessInfo.processInfo.environment["KEEPD_WRITE_DOCS"] != nil {
            try Data(HandoverSample.make().text).write(to: Self.file)
        }
        return Array(try Data(contentsOf: Self.file))
    }

    private func json(_ text: [UInt8]) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text))
    }

    private func text(_ json: Any) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: json))
    }

    /// Where something of `past` is not in `present`.
    private func losses(_ past: Any, _ present: Any?, at path: String = "") -> [String] {
        if let past = past as? Object {
            let present = present as? Object
            return past.flatMap { losses($0.value, present?[$0.key], at: "\(path).\($0.key)") }
        }
        if let past = past as? [Any], let present = present as? [Any], past.count == present.count {
            return zip(past, present).flatMap { losses($0, $1, at: path + "[]") }
        }
        let isSame = (past as? NSObject)?.isEqual(present) ?? false
        return isSame ? [] : [path]
    }

    @Test func `what version 1 has written is read without loss`() throws {
        let written = try written()
        let read = try Handover(text: written)
        #expect(losses(try json(written), try json(read.text)) == [])
        #expect(losses(try json(HandoverSample.make().text), try json(read.text)) == [])
    }

    /// - Parameter change: Made to each object, the innermost first.
    private func changed(_ value: Any, _ change: (Object) -> Object) -> Any {
        if let object = value as? Object { return change(object.mapValues { changed($0, change) }) }
        if let list = value as? [Any] { return list.map { changed($0, change) } }
        return value
    }

    @Test func `what a later version says besides is passed over`() throws {
        let old = try written()
        // Objects of one member may be the cases of an enumeration, or have the names of programs.
        let new = changed(try json(old)) { object in
            guard object.count > 2 else { return object }
            return object.merging(["later": ["a": 1]]) { old, _ in old }
        }
        let read = try Handover(text: text(new))
        #expect(losses(try json(old), try json(read.text)) == [])
    }

    @Test func `what an earlier version did not say is as it is by default`() throws {
        let later: Set = [
            "pace", "rolling", "trees", "attendants", "events", "lines", "counters", "memory",
            "watch", "jitter", "umask", "hooks", "starts", "restarts", "lastFailure", "checks",
        ]
        let old = changed(try json(written())) { $0.filter { !later.contains($0.key) } }
        let read = try Handover(text: text(old))
        #expect(losses(old, try json(read.text)) == [])
        #expect(read.host.attendants.hooks.isEmpty && read.control.events.number == 0)
        let web = read.intent.declared.programs[0]
        #expect(web.policy.restart.backoff.jitter == 0.1 && web.policy.restart.retries == 5)
        #expect(web.hooks.isEmpty && web.sockets.count == 1)
    }

    @Test func `a state says itself who must not read it`() throws {
        var state = try #require(try json(written()) as? Object)
        state["version"] = Handover.version + 1
        #expect(throws: Never.self) { try Handover(text: text(state)) }
        state["readableFrom"] = Handover.version + 1
        let problem = try #require(throws: Handover.Problem.self) {
            try Handover(text: text(state))
        }
        #expect(
            problem.description
                == "a state of version 2 is for daemons that know version 2; this one knows 1"
        )
    }

    @Test func `a state that is none is found out, and where`() throws {
        var state = try #require(try json(written()) as? Object)
        state["process"] = "no number"
        let problem = try #require(throws: Handover.Problem.self) {
            try Handover(text: text(state))
        }
        #expect(problem.description == "cannot read the state: process: not a Int32")
        #expect(throws: Handover.Problem.self) { try Handover(text: Array("{".utf8)) }
    }
}
