/// Finds what somebody may have meant.
public enum Spelling {
    /// The candidate that is nearest to `word`, unless none is near; the first of several.
    ///
    /// A third of the letters may be wrong, and at least one.
    public static func closest<Words: Sequence<String>>(to word: String, among candidates: Words)
        -> String?
    {
        let letters = Array(word.unicodeScalars)
        // Nobody mistypes a novel, and the work grows with the square of the length.
        guard letters.count <= 100 else { return nil }
        let limit = max(1, letters.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in candidates where candidate != word {
            let others = Array(candidate.unicodeScalars)
            guard abs(others.count - letters.count) <= limit else { continue }
            let distance = distance(letters, others)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// How many letters must be inserted, deleted, replaced or swapped with their neighbour.
    ///
    /// Source: Damerau and Levenshtein, in the form that edits no place twice.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let isSame = left[i] == right[j]
                var cost = min(last[j] + (isSame ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
