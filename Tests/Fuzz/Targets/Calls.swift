import ControlProtocol

/// However a stream is cut up on its way, the same calls are understood and refused.
func checkCalls(_ bytes: [UInt8]) {
    var draw = Draw(bytes)
    let size = draw.count()
    let whole = read(draw.rest, inPiecesOf: max(1, draw.rest.count))
    precondition(read(draw.rest, inPiecesOf: size) == whole, "it depends on where it is cut")
}

/// What becomes of each message, and of the stream.
private func read(_ stream: ArraySlice<UInt8>, inPiecesOf size: Int) -> [String] {
    var splitter = FrameSplitter(bytesMax: 4_096)
    var outcomes: [String] = []
    for piece in stream.pieces(of: size) {
        piece.withUnsafeBytes { splitter.append($0) }
        do {
            while let message = try splitter.next() {
                outcomes.append(try outcome(of: Call(decoding: message)))
            }
        } catch {
            return outcomes + ["\(error)"]
        }
    }
    return outcomes + [splitter.isWithinMessage ? "unfinished" : "finished"]
}

private func outcome(of call: Call) -> String {
    do {
        try call.understand()
        return "understood"
    } catch {
        return "\(error)"
    }
}
