/// The target graph of docs/design.md: a target uses what is on a lower level, and nothing else.
enum Levels {
    static let programs = ["keepd", "keepd-holder", "keepctl", "demo"]

    private static let all = [
        ["CLineEditor", "CLinux", "CSystemd", "CZlib", "JSONEncoding", "SystemTypes"],
        ["Gzip", "LinuxSystem", "Supervision", "ControlProtocol", "Migration"],
        ["Reactor", "Systemd"],
        ["Daemon", "ControlClient", "ReactorTesting"],
        programs + ["loopwork"],
    ]

    /// They decide and act on nothing, so they know of no machine to act on.
    private static let pure = [
        "JSONEncoding", "SystemTypes", "Supervision", "ControlProtocol", "Migration",
    ]

    private static func level(of target: String) -> Int? {
        all.firstIndex { $0.contains(target) }
    }

    static func dependencies(of manifest: Manifest) -> [Complaint] {
        manifest.targets.filter { !$0.isForTests }.flatMap { target -> [Complaint] in
            func complaint(_ reason: String) -> Complaint {
                Complaint(path: manifest.path, line: target.line, reason: reason)
            }
            guard let own = level(of: target.name) else {
                return [complaint("\(target.name) has no level: give it one in TidyTests")]
            }
            return target.dependencies.compactMap { dependency in
                guard let other = level(of: dependency), other < own else {
                    return complaint("\(target.name) must not use \(dependency): not below it")
                }
                guard !pure.contains(target.name) || pure.contains(dependency) else {
                    return complaint("\(target.name) must not use \(dependency): it is pure")
                }
                return nil
            }
        }
    }
}
