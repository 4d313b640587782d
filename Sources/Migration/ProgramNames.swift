/// Names that keepd takes, from those of others.
struct ProgramNames {
    private var taken: Set<String> = ["all"]

    /// `name`, or one like it if keepd cannot have it, or has it already.
    mutating func take(_ name: String) -> String {
        var ours = String(name.map { ProgramNames.allowed.contains($0) ? $0 : "-" }.prefix(64))
        if !(ours.first.map { $0.isLetter || $0.isNumber } ?? false) {
            ours = "p" + ours.prefix(63)
        }
        let stem = ours.prefix(60)
        var number = 2
        while !taken.insert(ours).inserted {
            ours = "\(stem)-\(number)"
            number += 1
        }
        return ours
    }

    private static let allowed = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-"
    )
}
