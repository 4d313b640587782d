import ArgumentParser
import ControlClient
import ControlProtocol

extension CompletionKind {
    /// What a NAME can be, asked of the keepd that the line is about.
    static var names: CompletionKind {
        .custom { words, index, _ in
            guard let global = globalOptions(of: words.prefix(index)), global.host == nil,
                var client = try? global.connect()
            else { return [] }
            return (try? client.call(Control.ListNames()).names) ?? []
        }
    }

    /// Another host is not asked: to log in there is more than a key that is pressed by the way.
    private static func globalOptions(of words: ArraySlice<String>) -> GlobalOptions? {
        var (rest, found): (ArraySlice<String>, [String]) = (words.dropFirst(), [])
        while let word = rest.popFirst(), word != "--" {
            switch word {
            case "-s", "--socket", "-H", "--host":
                found += [word] + rest.prefix(1)
                rest = rest.dropFirst()
            case _ where word.hasPrefix("--socket=") || word.hasPrefix("--host="):
                found.append(word)
            default: break
            }
        }
        return try? GlobalOptions.parse(found)
    }
}
