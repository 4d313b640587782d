extension ProbeTemplate {
    /// The question to one instance; `nil` if with this number it has a port that there is not.
    ///
    /// The reader of the configuration has tried the numbers of all declared instances, so that
    /// this can be met only by those that were added since.
    public func probe(instance: Int) -> Probe? {
        switch self {
        case .exec(let words): .exec(words.map { $0.text(instance: instance) })
        case .tcp(let text): Endpoint(text.text(instance: instance)).map(Probe.tcp)
        case .unix(let path): .unix(path.text(instance: instance))
        case .http(let url): Probe(url: url.text(instance: instance))
        }
    }
}

extension Probe {
    static let scheme = "http://"

    /// Reads `http://host:port/path?query`; without a port, it is 80.
    init?(url: String) {
        guard url.lowercased().hasPrefix(Probe.scheme) else { return nil }
        let rest = url.dropFirst(Probe.scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        // What would end the line of the request, or is none of the server's business.
        let isPlain = target.unicodeScalars.allSatisfy { ("!"..."~").contains($0) && $0 != "#" }
        guard isPlain, let endpoint = Endpoint(authority) ?? Endpoint("\(authority):80") else {
            return nil
        }
        self = .http(endpoint, target: target.hasPrefix("/") ? String(target) : "/\(target)")
    }
}
