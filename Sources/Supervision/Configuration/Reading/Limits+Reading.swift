extension Limits {
    mutating func read(_ keys: ObjectReader) {
        for resource in Resource.allCases {
            keys.read(resource.rawValue, into: &resources[resource], as: .limit(of: resource))
        }
        keys.read("memory", into: &memory, as: .size())
        keys.read("cpu", into: &cpu, as: .cpu)
        keys.read("tasks", into: &tasks, as: .integer(in: 1...4_194_304))
        keys.read("ioWeight", into: &ioWeight, as: .integer(in: 1...10000))
        keys.read("nice", into: &nice, as: .integer(in: -20...19))
        keys.read("oomScoreAdjust", into: &oomScoreAdjust, as: .integer(in: -1000...1000))
        keys.read("cpuAffinity", into: &cpuAffinity, as: .processors)
    }
}

extension Form where Value == Double {
    /// Processors, in hundredths at the least.
    fileprivate static var cpu: Form {
        Form { value throws(Objection) in
            let number = try number(atLeast: 0, atMost: 1024).read(value)
            guard number >= 0.01 else { throw Objection(.outOfRange(min: "0.01", max: "1024")) }
            return number
        }
    }
}

extension Form where Value == [Int] {
    fileprivate static var processors: Form {
        Form { value throws(Objection) in
            let numbers = try Form<[Int]>.array(of: .integer(in: 0...1023)).read(value)
            if case .array(let elements) = value.json.content, elements.isEmpty {
                throw Objection(.empty)
            }
            return Set(numbers).sorted()
        }
    }
}

extension Form where Value == ResourceLimit {
    /// One number for both limits, or an object with one for each.
    fileprivate static func limit(of resource: Limits.Resource) -> Form {
        Form { value throws(Objection) in
            guard case .object = value.json.content else {
                let both = try Form<UInt64?>.bound(of: resource).read(value)
                return ResourceLimit(soft: both, hard: both)
            }
            var limit = ResourceLimit(soft: nil, hard: nil)
            value.object { keys in
                keys.require("soft")
                keys.require("hard")
                let isRead = keys.read("soft", into: &limit.soft, as: .bound(of: resource))
                guard keys.read("hard", into: &limit.hard, as: .bound(of: resource)), isRead,
                    limit.soft ?? .max > limit.hard ?? .max
                else { return }
                keys.value("soft")?.report(.softMoreThanHard)
            }
            return limit
        }
    }
}

extension Form where Value == UInt64? {
    /// In the unit of the resource; `"unlimited"` for none.
    fileprivate static func bound(of resource: Limits.Resource) -> Form {
        Form { value throws(Objection) in
            if case .string = value.json.content,
                try Form<String>.string.read(value) == "unlimited"
            {
                return nil
            }
            switch resource {
            case .openFiles, .processes:
                guard case .number = value.json.content else { throw Objection(.expected(.limit)) }
                return try Form<UInt64>.integer(in: 0...UInt64(UInt32.max)).read(value)
            case .cpuTime:
                let time = try Form<Duration>.duration.read(value)
                // As the kernel counts them.
                let (seconds, rest) = time.components
                guard rest == 0 else { throw Objection(.expected(.wholeSeconds)) }
                return UInt64(seconds)
            case .addressSpace, .core, .dataSize, .fileSize, .lockedMemory, .stack:
                return UInt64(try Form<Int>.size().read(value))
            }
        }
    }
}
