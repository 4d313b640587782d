import Supervision

/// No line is longer than the limit, no byte is lost, and pieces make no difference.
func checkLines(_ bytes: [UInt8]) {
    var draw = Draw(bytes)
    let (lengthMax, size) = (draw.count(), draw.count())
    let whole = lines(of: draw.rest, lengthMax, inPiecesOf: max(1, draw.rest.count))
    precondition(lines(of: draw.rest, lengthMax, inPiecesOf: size) == whole)
    precondition(whole.allSatisfy { $0.count <= lengthMax })
    let newline = UInt8(ascii: "\n")
    precondition(whole.flatMap(\.self) == draw.rest.filter { $0 != newline })
    precondition(whole.count >= draw.rest.count { $0 == newline })
}

private func lines(of bytes: ArraySlice<UInt8>, _ lengthMax: Int, inPiecesOf size: Int) -> [[UInt8]]
{
    var (framer, lines) = (LineFramer(lengthMax: lengthMax), [[UInt8]]())
    for piece in bytes.pieces(of: size) {
        framer.append(piece.span.bytes) { lines.append(Array($0)) }
    }
    framer.finish { lines.append(Array($0)) }
    return lines
}
