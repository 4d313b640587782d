import Testing

@testable import Supervision

@Suite struct PathTests {
    @Test(arguments: [
        ("/a", "/d", "/a"), ("a", "/d", "/d/a"), ("./a", "/d", "/d/a"),
        ("././/a/./b", "/d", "/d/a/./b"),
        ("../a", "/d", "/d/../a"), (".", "/d", "/d"), ("./", "/d", "/d"), ("..", "/d", "/d/.."),
        (".a", "/d", "/d/.a"), ("a", "/", "/a"), ("a", "", "a"), ("a", "d", "d/a"),
    ])
    func `a relative path is seen from a directory`(path: String, from: String, whole: String) {
        #expect(path.path(from: from) == whole)
    }

    @Test(arguments: [
        (["", "/x"], "/d/7/x"), (["a/", ""], "/d/a/7"), (["/a", ""], "/a7"), ([".", ""], "/d/.7"),
        (["a"], "/d/a"),
    ])
    func `so is one that depends on the instance`(pieces: [String], whole: String) {
        #expect(Template(pieces: pieces).path(from: "/d").text(instance: 7) == whole)
    }

    @Test(arguments: [("a/b/c", "a/b"), ("/a", "/"), ("a", ""), ("/a/b", "/a"), ("./a", ".")])
    func `a file has a directory`(file: String, directory: String) {
        #expect(file.directoryPart == directory)
    }
}
