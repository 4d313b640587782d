internal import LinuxSystem
internal import Migration
internal import SystemPackage

extension Keepd {
    /// Prints what another supervisor's configuration is in keepd's terms; starts nothing.
    ///
    /// Warnings go to stderr, and are no failure.
    public static func importConfiguration(_ path: String) -> ExitCode {
        do {
            let migration = try migrate(path)
            for warning in migration.warnings { report("\(warning)") }
            try? StandardStream.writeAll(Array(migration.configuration.utf8), to: .output)
            return .clean
        } catch {
            report(error.message)
            return error.code
        }
    }

    private static func migrate(_ path: String) throws(Failure) -> Migration {
        let text: String
        do {
            text = try read(path)
        } catch {
            let message = "keepd: cannot read \(path): \(error.reason)"
            throw Failure(code: .configuration, message: message)
        }
        let directory = ProcessEnvironment.workingDirectory
        do {
            return try Migration(
                of: text,
                file: path.hasPrefix("/") ? path : "\(directory)/\(path)",
                on: Machine(
                    hostName: ProcessEnvironment.hostName,
                    glob: Files.glob,
                    readFile: { try? read($0) }
                )
            )
        } catch {
            throw Failure(code: .configuration, message: "\(error)")
        }
    }

    private static func read(_ path: String) throws(Errno) -> String {
        let bytes = try Files.read(path, bytesMax: ConfigurationFile.bytesMax)
        return String(decoding: bytes, as: UTF8.self)
    }
}
