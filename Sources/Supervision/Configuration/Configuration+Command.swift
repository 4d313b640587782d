extension Configuration {
    /// One program, named like the file that it executes.
    ///
    /// - Precondition: `command` is not empty.
    public init(command: [String]) {
        precondition(!command.isEmpty)
        let file = command[0].split(separator: "/").last.map(String.init) ?? ""
        let name = NameSpace.isName(file) && file != "all" ? file : "program"
        let words = command.map { Template(pieces: [$0]) }
        self.init(programs: [ProgramConfiguration(name: name, command: words)])
    }
}
