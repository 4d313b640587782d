extension String {
    /// The text with its control characters shown, as `\x1b`, so that a program cannot speak to the
    /// terminal through what is told of it.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.properties.generalCategory == .control && scalar != "\t" {
                text += TerminalFilter.shown(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
