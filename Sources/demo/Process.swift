import Glibc

/// Prints one line at once, where `print` into a pipe would wait for a bufferful.
func say(_ line: String) {
    write(line, to: STDOUT_FILENO)
}

/// Ends this process, with its last words on standard error.
func leave(_ line: String, status: CInt) -> Never {
    write(line, to: STDERR_FILENO)
    exit(status)
}

private func write(_ line: String, to descriptor: CInt) {
    let bytes = Array("\(line)\n".utf8)
    // A line that cannot be written has nobody to be missed by.
    _ = Glibc.write(descriptor, bytes, bytes.count)
}
