internal import LinuxSystem
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// A record of each instance, in memory that outlives the daemon.
///
/// It is written by plain stores at each change, so that it costs no system call but when it grows.
/// What is in it counts only as long as the machine has not been started anew.
final class Ledger {
    /// The layout, the boot in which it was written, and the number of the last event.
    private static let headerSize = 64
    private static let placeOfEvents = 48
    private static let magic: UInt64 = 0x3130_4745_4C44_504B
    private static let recordsMin = 16

    private var memory: SharedMemory
    private var records: [LedgerRecord] = []
    private var places: [InstanceID: Int] = [:]
    private var free: [Int] = []

    init() throws(Errno) {
        memory = try SharedMemory(
            name: "keepd-ledger",
            byteCount: Ledger.size(records: Ledger.recordsMin)
        )
        memory.bytes.storeBytes(of: Ledger.magic, as: UInt64.self)
        memory.bytes[8..<44].copyBytes(from: Ledger.boot)
    }

    /// Reads what a daemon before has written, which is written on from then on.
    ///
    /// - Throws: `.invalidArgument` if it is of another layout, or of another boot.
    init(adopting file: consuming OwnedFD) throws(Errno) {
        memory = try Ledger.read(file)
        for place in 0..<(memory.bytes.count - Ledger.headerSize) / LedgerRecord.size {
            let record = LedgerRecord(in: UnsafeRawBufferPointer(bytes(of: place)).bytes)
            records.append(record)
            guard let entry = record.words.flatMap(LedgerEntry.init) else {
                if place > 0 { free.append(place) }
                continue
            }
            places[entry.instance] = place
        }
    }

    private static func read(_ file: consuming OwnedFD) throws(Errno) -> SharedMemory {
        let memory = try SharedMemory(adopting: file)
        guard memory.bytes.count >= size(records: 1),
            memory.bytes.load(as: UInt64.self) == magic,
            memory.bytes[8..<44].elementsEqual(boot)
        else { throw .invalidArgument }
        return memory
    }

    /// For whoever keeps it.
    var raw: CInt { memory.raw }

    /// Of all instances, in no order.
    var entries: [LedgerEntry] {
        places.values.compactMap { records[$0].words.flatMap(LedgerEntry.init) }
    }

    private static func size(records: Int) -> Int { headerSize + records * LedgerRecord.size }

    private static var boot: [UInt8] { Array(ProcessEnvironment.bootID.utf8.prefix(36)) }

    private func bytes(of place: Int) -> UnsafeMutableRawBufferPointer {
        let start = Ledger.size(records: place)
        return UnsafeMutableRawBufferPointer(
            rebasing: memory.bytes[start..<start + LedgerRecord.size]
        )
    }

    /// The number of the last event that was told.
    var lastEvent: Int {
        get { Int(memory.bytes.load(fromByteOffset: Ledger.placeOfEvents, as: Int64.self)) }
        set {
            memory.bytes.storeBytes(
                of: Int64(newValue),
                toByteOffset: Ledger.placeOfEvents,
                as: Int64.self
            )
        }
    }

    // MARK: - Writing

    /// - Throws: If there is no memory for more of them.
    func note(_ entry: LedgerEntry) throws(Errno) {
        if places[entry.instance] == nil { places[entry.instance] = try newPlace() }
        if let place = places[entry.instance] { write(entry.words, at: place) }
    }

    func forget(_ instance: InstanceID) {
        guard let place = places.removeValue(forKey: instance) else { return }
        write(LedgerRecord.Words(repeating: 0), at: place)
        free.append(place)
    }

    private func write(_ words: LedgerRecord.Words, at place: Int) {
        var bytes = bytes(of: place).mutableBytes
        records[place].write(words, to: &bytes)
    }

    private func newPlace() throws(Errno) -> Int {
        if let place = free.popLast() { return place }
        let place = max(1, records.count)
        let needed = Ledger.size(records: place + 1)
        if needed > memory.bytes.count { try memory.grow(to: 2 * needed) }
        while records.count <= place {
            records.append(
                LedgerRecord(in: UnsafeRawBufferPointer(bytes(of: records.count)).bytes)
            )
        }
        return place
    }
}
