import Supervision

/// It loads, or each error says where it is and what is wrong.
func checkConfiguration(_ bytes: [UInt8]) {
    let surroundings = Surroundings(
        readFile: { path throws(Surroundings.Unreadable) in
            guard path == "/etc/keepd.json" else {
                throw Surroundings.Unreadable(reason: "no such file or directory")
            }
            return bytes
        },
        isWorldWritable: { _ in false },
        glob: { _ in [] },
        resolve: { $0 },
        userExists: { $0 == "root" },
        groupExists: { $0 == "root" },
        environment: ["HOME": "/root", "EMPTY": ""],
        isRoot: true,
        defaultLogDirectory: "/var/log/keepd",
        workingDirectory: "/"
    )
    do throws(ConfigurationErrors) {
        _ = try ConfigurationLoader(surroundings).load("/etc/keepd.json")
    } catch {
        precondition(!error.errors.isEmpty)
        precondition(error.errors.allSatisfy { "\($0)".hasPrefix("/etc/keepd.json") }, "\(error)")
    }
}
