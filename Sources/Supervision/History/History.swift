/// The last runs of an instance, and no more than ``capacity`` of them.
public struct History: Equatable, Sendable, Codable {
    public static let capacity = 64

    /// From the oldest to the newest; only the newest may still be under way.
    public private(set) var records: [RunRecord] = []

    public init() {}

    /// Adds a run, and forgets the oldest if there are too many.
    public mutating func append(_ record: RunRecord) {
        if records.count == History.capacity { records.removeFirst() }
        records.append(record)
    }

    /// Writes down more of the newest run; nothing where there has been none.
    public mutating func updateLast(_ change: (inout RunRecord) -> Void) {
        guard let last = records.indices.last else { return }
        change(&records[last])
    }
}
