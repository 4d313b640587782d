/// The warnings of one migration, as they come up, and what makes it none.
final class Warnings {
    private(set) var list: [Migration.Warning] = []
    private(set) var failures: [Migration.Failure] = []

    /// Takes note of a failure, for there may be more in what comes after.
    func collect(_ body: () throws(Migration.Failure) -> Void) {
        do {
            try body()
        } catch {
            failures.append(error)
        }
    }

    func add(_ place: Migration.Place, _ setting: String, _ text: String) {
        let warning = Migration.Warning(place: place, setting: setting, text: text)
        // A program that becomes several is read several times.
        if !list.contains(warning) { list.append(warning) }
    }
}
