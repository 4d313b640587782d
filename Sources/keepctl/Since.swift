import ArgumentParser
import LinuxSystem
import SystemTypes

/// From when on something is wanted: so long ago, or a time in UTC.
struct Since: ExpressibleByArgument {
    /// RFC 3339.
    let text: String

    init?(argument: String) {
        if argument.hasSuffix("Z"), argument.contains("T") {
            // The daemon knows whether it is one.
            text = argument
        } else if let ago = try? Duration(parsing: argument) {
            text = WallTime(nanoseconds: WallTime.now.nanoseconds - ago.nanoseconds).rfc3339
        } else {
            return nil
        }
    }
}
