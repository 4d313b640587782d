/// A command line that names several hosts, taken apart.
struct FleetArguments: Equatable {
    /// Each once, two or more.
    let hosts: [String]
    /// What is left.
    let rest: [String]

    /// - Returns: `nil` where there is one host, or none.
    init?(_ arguments: [String]) {
        var (hosts, rest): ([String], [String]) = ([], [])
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--" {
                rest += [word] + words
                break
            } else if word == "-H" || word == "--host" {
                hosts = FleetArguments.list(words.popFirst() ?? "")
            } else if word.hasPrefix("--host=") {
                hosts = FleetArguments.list(String(word.dropFirst(7)))
            } else {
                rest.append(word)
            }
        }
        guard hosts.count > 1 else { return nil }
        self.hosts = hosts
        self.rest = rest
    }

    /// Each once, without empty ones.
    static func list(_ text: String) -> [String] {
        var hosts: [String] = []
        for host in text.split(separator: ",").map(String.init) where !hosts.contains(host) {
            hosts.append(host)
        }
        return hosts
    }
}
