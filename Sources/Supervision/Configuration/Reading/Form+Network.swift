extension Form where Value == Template {
    /// `host:port`, for each of the instances.
    static func endpoint(instances: Int) -> Form {
        template.checked(instances: instances) { text throws(Objection) in
            guard Endpoint(text) != nil else { throw Objection(text, .expected(.endpoint)) }
        }
    }

    /// The address of a page, for each of the instances.
    static func url(instances: Int) -> Form {
        template.checked(instances: instances) { text throws(Objection) in
            guard !text.lowercased().hasPrefix("https://") else { throw Objection(text, .noTLS) }
            guard Probe(url: text) != nil else { throw Objection(text, .expected(.url)) }
        }
    }

    private func checked(
        instances: Int,
        _ check: @escaping (String) throws(Objection) -> Void
    ) -> Form {
        Form { value throws(Objection) in
            let template = try read(value)
            for instance in 0..<(template.fixedText == nil ? instances : 1) {
                try check(template.text(instance: instance))
            }
            return template
        }
    }
}

extension Form where Value == ListeningSocket.Address {
    /// `0.0.0.0:80`, `[::1]:80`, `localhost:80`, `unix:run/web.sock` or `/run/web.sock`.
    static var listen: Form {
        Form { value throws(Objection) in
            let text = try Form<String>.string.read(value)
            if text.hasPrefix("/") { return .unix(text) }
            if text.hasPrefix(unixPrefix) {
                let path = String(text.dropFirst(unixPrefix.count))
                guard !path.isEmpty else { throw Objection(text, .empty) }
                return .unix(path.path(from: value.directory))
            }
            guard let endpoint = Endpoint(text),
                // A name may have several addresses, and none while the network is not up.
                endpoint.host == "localhost" || endpoint.host.isIPv4 || endpoint.host.isIPv6
            else { throw Objection(text, .expected(.listen)) }
            return .internet(endpoint)
        }
    }

    private static var unixPrefix: String { "unix:" }
}

extension Form where Value == String {
    /// A regular expression that can be compiled.
    static var pattern: Form {
        Form { value throws(Objection) in
            let text = try string.read(value)
            guard !text.isEmpty else { throw Objection(.empty) }
            do {
                _ = try Regex(text)
            } catch {
                throw Objection(text, .badPattern(String(describing: error)))
            }
            return text
        }
    }
}
