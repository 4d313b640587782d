/// A section of a file in the form of `supervisord.conf`.
struct IniSection: Equatable, Sendable {
    struct Option: Equatable, Sendable {
        /// Lower case.
        let name: String
        /// Without blanks around it; several lines where it goes on in lines that are indented.
        var value: String
        let place: Migration.Place
    }

    /// `program:web`.
    let name: String
    let place: Migration.Place
    /// Each name once, in the order of the file.
    private(set) var options: [Option] = []

    init(name: String, place: Migration.Place) {
        self.name = name
        self.place = place
    }

    subscript(name: String) -> Option? { options.first { $0.name == name } }

    /// The last of a name counts.
    mutating func set(_ option: Option) {
        if let index = options.firstIndex(where: { $0.name == option.name }) {
            options[index] = option
        } else {
            options.append(option)
        }
    }
}
