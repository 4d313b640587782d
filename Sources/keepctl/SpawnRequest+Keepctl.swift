import LinuxSystem

extension SpawnRequest {
    /// Another keepctl, with the environment of this one, on its terminal if it has one.
    ///
    /// By its own name, for that is who keepd takes down as the one that has asked.
    static func keepctl(_ arguments: [String]) -> SpawnRequest {
        var request = SpawnRequest(
            // The file may have been replaced meanwhile.
            candidates: [ProcessImage.path, "/proc/self/exe"].compactMap(\.self),
            arguments: ["keepctl"] + arguments,
            environment: ProcessEnvironment.variables.map { "\($0.key)=\($0.value)" }
        )
        request.family = .inherited
        return request
    }
}
