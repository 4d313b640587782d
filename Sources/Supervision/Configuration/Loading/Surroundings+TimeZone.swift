import SystemTypes

extension Surroundings {
    private static let zones = "/usr/share/zoneinfo/"

    /// - Parameter name: `nil` for what `TZ` says, or else the machine; without either it is UTC.
    func timeZone(_ name: String?) throws(Objection) -> TimeZoneRules {
        if let name { return try timeZone(named: name) }
        guard let variable = environment["TZ"], !variable.isEmpty else {
            return try timeZone(in: "/etc/localtime", called: nil) ?? .utc
        }
        let place = variable.hasPrefix(":") ? String(variable.dropFirst()) : variable
        guard !place.hasPrefix("/") else {
            if let rules = try timeZone(in: place, called: place) { return rules }
            throw Objection("TZ=\(variable)", .noSuch(.timeZone))
        }
        return try timeZone(named: place)
    }

    private func timeZone(named name: String) throws(Objection) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        if isTimeZone(name),
            let rules = try timeZone(in: Surroundings.zones + name, called: name)
        {
            return rules
        }
        let known = (glob("\(Surroundings.zones)[A-Z]*") + glob("\(Surroundings.zones)[A-Z]*/*"))
            .map { String($0.dropFirst(Surroundings.zones.count)) }
        throw Objection(
            name,
            .noSuch(.timeZone),
            suggestion: Spelling.closest(to: name, among: known)
        )
    }

    /// - Returns: `nil` if the file cannot be read.
    private func timeZone(
        in path: String,
        called name: String?
    ) throws(Objection) -> TimeZoneRules? {
        guard let bytes = try? readFile(path) else { return nil }
        do throws(TimeZoneProblem) {
            return try TimeZoneRules(parsing: bytes)
        } catch {
            throw Objection(name ?? path, .badTimeZone(error))
        }
    }

    /// Whether it is a path that stays where the zones are.
    private func isTimeZone(_ name: String) -> Bool {
        name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII
                        && (scalar.properties.isAlphabetic || scalar.isDigit
                            || "_+-".unicodeScalars.contains(scalar))
                }
        }
    }
}
