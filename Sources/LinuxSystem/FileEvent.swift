/// A record of what happened to a watched file, as the kernel writes it.
///
/// Source: inotify(7), `struct inotify_event`.
struct FileEvent: Equatable {
    let watch: Int32
    let mask: UInt32
    /// The entry of the watched directory; `nil` for the directory itself.
    let name: String?

    /// Watch, mask, cookie and length of the name, four bytes each.
    private static let headerSize = 16

    /// Reads all records; one that is cut off, which the kernel never does, is left out.
    static func all(in bytes: ArraySlice<UInt8>) -> [FileEvent] {
        var (events, rest) = ([FileEvent](), bytes)
        while rest.count >= headerSize {
            let header = (0..<4).map { word in
                (0..<4).reduce(UInt32(0)) { value, byte in
                    let place = rest.startIndex + word * 4 + byte
                    // All processors that keepd runs on are little-endian.
                    return value | UInt32(rest[place]) << UInt32(byte * 8)
                }
            }
            guard rest.count - headerSize >= Int(header[3]) else { break }
            // Filled up with NULs.
            let name = rest.dropFirst(headerSize).prefix(Int(header[3])).prefix { $0 != 0 }
            events.append(
                FileEvent(
                    watch: Int32(bitPattern: header[0]),
                    mask: header[1],
                    name: name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
                )
            )
            rest = rest.dropFirst(headerSize + Int(header[3]))
        }
        return events
    }
}
