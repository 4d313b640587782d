/// What has grown too long to be read in one go.
enum SizeRules {
    private static let functionLinesMax = 60
    private static let fileLinesMax = 500
    /// Stands in the head of a function that is long for a good reason, which follows.
    private static let mark = "// tidy: long ("

    /// To be looked at, not gamed: no test fails of it.
    static func longFile(_ file: SourceFile) -> [Complaint] {
        let isOurs = file.path.hasPrefix("Sources/") || file.path.hasPrefix("Tests/")
        let count = file.lines.count - 1
        guard isOurs, count > fileLinesMax else { return [] }
        return [Complaint(path: file.path, line: count, reason: "file of \(count) lines")]
    }

    static func longFunctions(in file: SourceFile) -> [Complaint] {
        longFunctions(in: file, marked: false)
    }

    static func markedFunctions(in file: SourceFile) -> [Complaint] {
        longFunctions(in: file, marked: true)
    }

    private static func longFunctions(in file: SourceFile, marked: Bool) -> [Complaint] {
        guard file.path.hasSuffix(".swift") else { return [] }
        let lines = file.lines
        return functions(in: Code(file.text)).compactMap { function in
            let length = function.last - function.first + 1
            let isMarked = lines[function.first...function.opening].contains { $0.contains(mark) }
            guard length > functionLinesMax, isMarked == marked else { return nil }
            return Complaint(
                path: file.path,
                line: function.first + 1,
                reason: "function of \(length) lines"
            )
        }
    }

    private static func functions(in code: Code) -> [FunctionFinder.Function] {
        var finder = FunctionFinder()
        for (index, line) in code.lines.enumerated() { finder.read(line, at: index) }
        return finder.functions
    }
}

/// Finds every function and initializer with a body, by counting braces.
private struct FunctionFinder {
    struct Function {
        /// Where it is declared, where its body opens, and where that ends; from 0.
        let first: Int
        let opening: Int
        let last: Int
    }

    /// Those whose end has been read, the inner ones before the outer ones.
    private(set) var functions: [Function] = []
    /// For each open brace, the function whose body it opens, if it does.
    private var braces: [(first: Int, opening: Int)?] = []
    private var parentheses = 0
    /// Where the function stands whose body is still to come.
    private var declared: Int?

    mutating func read(_ line: Substring, at index: Int) {
        if line.contains(/\bfunc\s|^\s*(?:\w+\s+)*init[?]?[(<]|^\s*deinit\b/) {
            declared = index
            parentheses = 0
        }
        for character in line {
            switch character {
            case "(": parentheses += 1
            case ")": parentheses -= 1
            case "{": open(at: index)
            case "}": close(at: index)
            default: break
            }
        }
    }

    private mutating func open(at index: Int) {
        // Between parentheses it is a closure that some parameter defaults to.
        guard parentheses == 0, let first = declared else { return braces.append(nil) }
        braces.append((first, index))
        declared = nil
    }

    private mutating func close(at index: Int) {
        // A requirement of the protocol that ends here has no body.
        if parentheses == 0 { declared = nil }
        guard let (first, opening) = braces.popLast() ?? nil else { return }
        functions.append(Function(first: first, opening: opening, last: index))
    }
}
