/// When a scheduled program is started.
public struct Schedule: Equatable, Sendable, Codable {
    public let expression: CronExpression
    /// Such as `Europe/Berlin`; `nil` for that of the machine.
    public let timeZone: String?
    /// What the clocks there show.
    public let rules: TimeZoneRules

    public init(
        _ expression: CronExpression,
        timeZone: String? = nil,
        rules: TimeZoneRules = .utc
    ) {
        self.expression = expression
        self.timeZone = timeZone
        self.rules = rules
    }
}
