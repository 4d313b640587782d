/// When a scheduled program is started, by the clocks of which region.
public struct Schedule: Equatable, Sendable {
    public var expression: CronExpression
    public var zone: TimeZoneRules

    public init(_ expression: CronExpression, in zone: TimeZoneRules = .utc) {
        self.expression = expression
        self.zone = zone
    }
}
