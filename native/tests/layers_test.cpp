// Dependencies run one way only: what docs/architecture.md draws, read from the includes and project references.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = AIM_SOURCE_FOLDER;

std::string read_file(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> matches(const std::string& text, const char* pattern) {
    std::set<std::string> found;
    const std::regex expression(pattern);
    for (std::sregex_iterator i(text.begin(), text.end(), expression), end; i != end; ++i) found.insert((*i)[1]);
    return found;
}

// The rooms that a file of a room may include from; "" is the door, native/src itself.
const std::map<std::string, std::set<std::string>> kAllowed = {
    {"base", {}},
    {"dynamics", {"base"}},
    {"tone", {"base"}},
    {"metering", {"base"}},
    {"analysis", {"base"}},
    {"genre", {"base", "analysis"}},
    {"engine", {"base", "dynamics", "tone", "metering", "genre"}},
    {"", {"base", "engine", "metering", "analysis", "genre"}},
};

TEST(Layers, The_core_s_rooms_include_only_what_lies_below_them) {
    const fs::path source = kRoot / "native" / "src";
    int files = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source)) {
        const fs::path extension = entry.path().extension();
        if (extension != ".h" && extension != ".cpp") continue;
        const std::string room = fs::relative(entry.path().parent_path(), source).string();
        const std::string own = room == "." ? "" : room;
        ASSERT_TRUE(kAllowed.contains(own)) << "a room that the architecture does not name: " << own;
        for (const std::string& other : matches(read_file(entry.path()), "#include \"([a-z_]+)/[a-z_0-9]+\\.h\"")) {
            EXPECT_TRUE(other == own || kAllowed.at(own).contains(other))
                << entry.path().filename() << " of '" << own << "' includes from '" << other << "'";
        }
        ++files;
    }
    EXPECT_GT(files, 20);
}

TEST(Layers, The_audio_path_knows_no_mathematical_library_and_no_streams) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / "native" / "src")) {
        if (!entry.is_regular_file()) continue;
        const std::string text = read_file(entry.path());
        for (const char* forbidden : {"<cmath>", "<math.h>", "<iostream>", "<vector>", "<string>", "<mutex>"}) {
            EXPECT_EQ(text.find(std::string("#include ") + forbidden), std::string::npos)
                << entry.path().filename() << " includes " << forbidden;
        }
    }
}

TEST(Layers, The_managed_projects_refer_only_to_what_lies_below_them) {
    const std::map<std::string, std::set<std::string>> allowed = {
        {"bindings/AiMixer.Bindings/AiMixer.Bindings.csproj", {}},
        {"bindings/AiMixer.Bindings.Generator/AiMixer.Bindings.Generator.csproj", {}},
        {"src/AiMixer/AiMixer.csproj", {"AiMixer.Bindings"}},
        {"src/AiMixer.Server/AiMixer.Server.csproj", {"AiMixer"}},
        {"src/AiMixer.PortAudio/AiMixer.PortAudio.csproj", {}},
        {"src/AiMixer.NAudio/AiMixer.NAudio.csproj", {"AiMixer"}},
        // `aimixer serve` is the server's own host.
        {"src/AiMixer.Cli/AiMixer.Cli.csproj", {"AiMixer", "AiMixer.PortAudio", "AiMixer.Server"}},
        {"src/AiMixer.Onnx/AiMixer.Onnx.csproj", {"AiMixer", "OnnxRuntime.Npm"}},
    };
    for (const auto& [project, references] : allowed) {
        const std::string text = read_file(kRoot / project);
        ASSERT_FALSE(text.empty()) << project;
        for (const std::string& other :
             matches(text, "<ProjectReference Include=\"[^\"]*[\\\\/]([A-Za-z.]+)\\.csproj\"")) {
            EXPECT_TRUE(references.contains(other)) << project << " refers to " << other;
        }
    }
}

}  // namespace
