internal import Glibc

/// Strings as C wants them: pointers to bytes that end in NUL, ended by a null pointer.
final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    /// Where room was left, ended by a null pointer.
    let slots: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let bytes: UnsafeMutablePointer<CChar>

    /// - Parameter roomy: Further strings; each is followed by `room` bytes to write to, one for the
    ///   NUL at the end among them.
    init(_ strings: [String], roomy: [String] = [], room: Int = 0) {
        pointers = .allocate(capacity: strings.count + roomy.count + 1)
        slots = .allocate(capacity: roomy.count + 1)
        let size = strings.reduce(0) { $0 + $1.utf8.count + 1 }
        bytes = .allocate(capacity: roomy.reduce(size) { $0 + $1.utf8.count + room } + 1)
        var end = bytes
        for (index, string) in strings.enumerated() {
            pointers[index] = end
            end = CStrings.append(string, at: end)
            end.pointee = 0
            end += 1
        }
        for (index, string) in roomy.enumerated() {
            pointers[strings.count + index] = end
            end = CStrings.append(string, at: end)
            slots[index] = end
            end += room
        }
        pointers[strings.count + roomy.count] = nil
        slots[roomy.count] = nil
    }

    private static func append(
        _ string: String,
        at place: UnsafeMutablePointer<CChar>
    ) -> UnsafeMutablePointer<CChar> {
        var string = string
        return string.withUTF8 { text in
            if let start = text.baseAddress { memcpy(place, start, text.count) }
            return place + text.count
        }
    }

    var constPointers: UnsafePointer<UnsafePointer<CChar>?> {
        UnsafeRawPointer(pointers).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }

    deinit {
        bytes.deallocate()
        slots.deallocate()
        pointers.deallocate()
    }
}
