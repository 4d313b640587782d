/// The warnings of one migration, as they come up.
final class Warnings {
    private(set) var list: [Migration.Warning] = []

    func add(_ place: Migration.Place, _ setting: String, _ text: String) {
        let warning = Migration.Warning(place: place, setting: setting, text: text)
        // A program that becomes several is read several times.
        if !list.contains(warning) { list.append(warning) }
    }
}
