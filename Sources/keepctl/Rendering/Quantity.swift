/// Numbers, as short as a column of a table.
enum Quantity {
    /// As `512`, `1.5k`, `20M`: by the thousand.
    static func bytes(_ count: Double) -> String {
        var (rest, units) = (count, ["", "k", "M", "G", "T"][...])
        while rest >= 999.5, units.count > 1 {
            rest /= 1_000
            units = units.dropFirst()
        }
        let unit = units.first ?? ""
        return unit.isEmpty || rest >= 9.95 ? "\(Int(rest.rounded()))\(unit)" : tenths(rest) + unit
    }

    /// As `12.5`, of a share from 0 to 1.
    static func percent(_ share: Double) -> String { tenths(share * 100) }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
