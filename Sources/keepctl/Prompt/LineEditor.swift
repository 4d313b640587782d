import CLineEditor

/// A line that is typed, with the keys, the history and the completion of libedit.
final class LineEditor {
    /// What Tab does: what to put in at the cursor, and what there is to choose from.
    typealias Completion = (_ lineBeforeCursor: String) -> (insertion: String, list: [String])

    private let editor: OpaquePointer
    private let prompt: UnsafeMutablePointer<CChar>
    private let history: UnsafeMutablePointer<CChar>?
    private let complete: Completion

    /// - Parameter history: The path of the file that keeps earlier lines; `nil` for none.
    /// - Returns: `nil` where there is no memory, or no terminal that libedit knows.
    init?(prompt: String, history: String?, complete: @escaping Completion) {
        self.complete = complete
        self.prompt = LineEditor.copy(prompt)
        self.history = history.map(LineEditor.copy)
        let box = UnsafeMutablePointer<Unmanaged<LineEditor>?>.allocate(capacity: 1)
        box.initialize(to: nil)
        guard
            let editor = clineeditor_open(
                self.prompt,
                self.history,
                { context, line, cursor, insertion, insertionSize, list, listSize in
                    let box = context?.assumingMemoryBound(to: Unmanaged<LineEditor>?.self)
                    guard let editor = box?.pointee?.takeUnretainedValue(), let line else { return }
                    let bytes = UnsafeRawBufferPointer(start: line, count: cursor)
                    let answer = editor.complete(String(decoding: bytes, as: UTF8.self))
                    LineEditor.fill(insertion, insertionSize, answer.insertion)
                    LineEditor.fill(list, listSize, answer.list.joined(separator: "  "))
                },
                box
            )
        else { return nil }
        self.editor = editor
        self.box = box
        box.pointee = Unmanaged.passUnretained(self)
    }

    /// Where the callback finds this object, which is not there yet when the editor is made.
    private let box: UnsafeMutablePointer<Unmanaged<LineEditor>?>

    deinit {
        clineeditor_close(editor)
        prompt.deallocate()
        history?.deallocate()
        box.deallocate()
    }

    /// - Returns: `nil` at the end of the input.
    func read() -> String? {
        clineeditor_read(editor).map { String(cString: $0) }
    }

    func remember(_ line: String) {
        clineeditor_remember(editor, line)
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.initialize(from: Array(bytes), count: bytes.count)
        return copy
    }

    /// What does not fit is left out, whole words of it.
    private static func fill(
        _ buffer: UnsafeMutablePointer<CChar>?,
        _ size: Int,
        _ text: String
    ) {
        guard let buffer, size > 0 else { return }
        let bytes = text.utf8.prefix(size - 1).map { CChar(bitPattern: $0) }
        buffer.update(from: bytes, count: bytes.count)
        buffer[bytes.count] = 0
    }
}
