extension Endpoint {
    /// Reads `host:port`, with an IPv6 address in brackets; `nil` if that is not what it is.
    init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(digits: text[text.index(after: colon)...]), port > 0
        else { return nil }
        let host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            guard address.isIPv6 else { return nil }
            self.init(host: address, port: port)
        } else {
            guard host.isIPv4 || host.isHostName else { return nil }
            self.init(host: host, port: port)
        }
    }
}

extension UInt16 {
    /// Reads digits, without the sign that `UInt16.init` would take.
    fileprivate init?(digits text: some StringProtocol) {
        guard text.unicodeScalars.allSatisfy(\.isDigit) else { return nil }
        self.init(text)
    }
}

extension String {
    /// Four numbers below 256.
    var isIPv4: Bool {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                let isPlain = part == "0" || !part.hasPrefix("0")
                return isPlain && part.unicodeScalars.allSatisfy(\.isDigit) && UInt8(part) != nil
            }
    }

    /// Without a zone.
    ///
    /// Source: RFC 4291, 2.2.
    var isIPv6: Bool {
        let halves = split(separator: "::", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2 else { return false }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty || halves.count == 1 {
            let isLast = index == halves.count - 1
            guard let count = half.groupsOfIPv6(mayEndInIPv4: isLast) else { return false }
            groups += count
        }
        return halves.count == 1 ? groups == 8 : groups <= 7
    }

    /// How many groups of 16 bits there are between colons; `nil` if one is none.
    private func groupsOfIPv6(mayEndInIPv4: Bool) -> Int? {
        let parts = split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var count = 0
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.isIPv4 {
                count += 2
            } else {
                let isHex = part.unicodeScalars.allSatisfy(\.isHexDigit)
                guard (1...4).contains(part.count), isHex else { return nil }
                count += 1
            }
        }
        return count
    }

    /// Labels of letters, digits, `-` and `_`; the last begins with a letter, or it would be
    /// taken for a number.
    fileprivate var isHostName: Bool {
        let labels = split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last?.first, !last.isNumber else { return false }
        return unicodeScalars.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty
                    && label.unicodeScalars.allSatisfy { scalar in
                        scalar.isASCII
                            && (scalar.properties.isAlphabetic || scalar.isDigit || scalar == "-"
                                || scalar == "_")
                    }
            }
    }
}

extension Unicode.Scalar {
    fileprivate var isHexDigit: Bool { isASCII && properties.isASCIIHexDigit }
}
