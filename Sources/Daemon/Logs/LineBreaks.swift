/// Where runs have ended within a line, in the files of one log, as far as that is remembered.
///
/// The files have what programs wrote and nothing else; so readers are told, for whom the next run's
/// first line would be the end of that one.
struct LineBreaks {
    private static let countMax = 100

    /// From the beginning of the newest file on, ascending; in the older ones they are negative.
    private var offsets: [Int] = []

    mutating func note(_ offset: Int) {
        guard offsets.last != offset else { return }
        offsets.append(offset)
        if offsets.count > LineBreaks.countMax { offsets.removeFirst() }
    }

    /// Takes note that another file begins at a place in what was the newest.
    mutating func rotated(at start: Int) {
        offsets = offsets.map { $0 - start }
    }

    /// The next one behind a place.
    func first(after offset: Int) -> Int? { offsets.first { $0 > offset } }
}
