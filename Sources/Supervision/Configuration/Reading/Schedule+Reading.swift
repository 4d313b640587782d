extension Schedule {
    /// Reads the expression alone, or an object with the time zone.
    init?(_ value: ValueReader) {
        var schedule: Schedule?
        value.object(
            { keys in
                keys.require("cron")
                let expression = keys.value("cron")?.value(as: .cron)
                let zone = keys.value("timeZone")
                let name = zone?.value(as: .string)
                // What is wrong with a name is said of it, and of a default at the expression.
                let rules = (zone ?? keys.value("cron"))?.value(as: .rules(named: name))
                guard let expression, let rules else { return }
                schedule = Schedule(expression, timeZone: name, rules: rules)
            },
            orString: { value in
                guard let expression = value.value(as: .cron),
                    let rules = value.value(as: .rules(named: nil))
                else { return }
                schedule = Schedule(expression, rules: rules)
            }
        )
        guard let schedule else { return nil }
        self = schedule
    }
}

extension Form where Value == CronExpression {
    fileprivate static var cron: Form {
        Form { value throws(Objection) in
            let text = try Form<String>.string.read(value)
            do throws(CronProblem) {
                return try CronExpression(text)
            } catch {
                throw Objection(text, .badSchedule(error))
            }
        }
    }
}

extension Form where Value == TimeZoneRules {
    /// - Parameter name: `nil` for that of the machine.
    fileprivate static func rules(named name: String?) -> Form {
        Form { value throws(Objection) in try value.scope.surroundings.timeZone(name) }
    }
}
