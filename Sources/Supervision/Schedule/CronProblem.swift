/// Why a text is no schedule.
public enum CronProblem: Error, Hashable, Sendable {
    /// There have to be five.
    case fields(Int)
    case noSuchShorthand(String)
    /// `@reboot` names no time.
    case reboot
    case notANumber(CronField, String)
    case outOfRange(CronField, String)
    /// The end of the range lies before its beginning.
    case backwards(CronField, String)
    case badStep(CronField, String)
    /// No month that is asked for has such a day.
    case never
}

extension CronProblem: CustomStringConvertible {
    /// The reason in a sentence "cannot use …: reason".
    public var description: String {
        switch self {
        case .fields(let count):
            "a schedule has five fields (minute, hour, day, month, weekday), and this has \(count)"
        case .noSuchShorthand(let text):
            "there is no \(text), only @hourly, @daily, @weekly, @monthly and @yearly"
        case .reboot:
            "@reboot is no time; a oneshot with autostart runs when the daemon starts"
        case .notANumber(let field, let text):
            "\"\(text)\" is no \(field)"
        case .outOfRange(let field, let text):
            "the \(field) \(text) is not between \(field.range.lowerBound)"
                + " and \(field.range.upperBound)"
        case .backwards(let field, let text):
            "the range of the \(field), \(text), runs backwards"
        case .badStep(let field, let text):
            "the step of the \(field), \(text), has to be a number above 0 after * or a range"
        case .never:
            "there is no such day in any of these months"
        }
    }
}
