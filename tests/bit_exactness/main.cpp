// aim_bit_exactness                 prints the table: a name and a SHA-256 per line
// aim_bit_exactness --check FILE    compares it with FILE; names every difference; exit code 1 if there is one
// aim_bit_exactness --update FILE   writes it to FILE
#include <cstdio>
#include <cstring>
#include <map>

#include "ai_mixer_core.h"
#include "cases.h"

using namespace bit_exactness;

namespace {

bool read_table(const char* path, std::map<std::string, std::string>& table) {
    std::FILE* file = std::fopen(path, "r");
    if (file == nullptr) return false;
    char name[256];
    char hash[65];
    while (std::fscanf(file, "%255s %64s", name, hash) == 2) table[name] = hash;
    std::fclose(file);
    return true;
}

bool write_table(const char* path, const std::vector<Result>& results) {
    // Binary: the same line ends everywhere.
    std::FILE* file = std::fopen(path, "wb");
    if (file == nullptr) return false;
    for (const Result& result : results) std::fprintf(file, "%s %s\n", result.name.c_str(), result.hash.c_str());
    return std::fclose(file) == 0;
}

// Cases that must agree with one another, whatever the table says.
int count_disagreements(const std::vector<Result>& results) {
    std::map<std::string, std::string> hash_of;
    for (const Result& result : results) hash_of[result.name] = result.hash;
    int wrong = 0;
    for (const Result& result : results) {
        if (result.same_as.empty() || hash_of[result.same_as] == result.hash) continue;
        std::fprintf(stderr, "%s differs from %s\n", result.name.c_str(), result.same_as.c_str());
        ++wrong;
    }
    return wrong;
}

int count_differences(const std::vector<Result>& results, std::map<std::string, std::string> table) {
    constexpr int kShown = 10;
    int wrong = 0;
    const auto tell = [&wrong](const std::string& name, const std::string& what) {
        if (++wrong <= kShown) std::fprintf(stderr, "%s %s\n", name.c_str(), what.c_str());
        if (wrong == kShown + 1) std::fprintf(stderr, "and more\n");
    };
    for (const Result& result : results) {
        const auto row = table.find(result.name);
        if (row == table.end()) {
            tell(result.name, "is not in the table");
            continue;
        }
        if (row->second != result.hash) tell(result.name, "should be " + row->second + ", but is " + result.hash);
        table.erase(row);
    }
    for (const auto& row : table) tell(row.first, "is in the table, but no case has this name");
    if (wrong > 0) std::fprintf(stderr, "if the sound was meant to change: aim_bit_exactness --update FILE\n");
    return wrong;
}

}  // namespace

int main(int argc, char** argv) {
    const bool check = argc == 3 && std::strcmp(argv[1], "--check") == 0;
    const bool update = argc == 3 && std::strcmp(argv[1], "--update") == 0;
    if (argc != 1 && !check && !update) {
        std::fprintf(stderr, "usage: %s [--check FILE | --update FILE]\n", argv[0]);
        return 2;
    }

    std::vector<Result> results;
    if (!run_corpus(results) || !run_strips(results) || !run_meters(results) || !run_analysis(results)) return 1;
    int wrong = count_disagreements(results);

    if (check) {
        std::map<std::string, std::string> table;
        if (!read_table(argv[2], table) || table.empty()) {
            std::fprintf(stderr, "%s: no table of hashes there\n", argv[2]);
            return 1;
        }
        wrong += count_differences(results, table);
        std::printf("%s: %zu cases, %d wrong\n", aim_build_info(), results.size(), wrong);
    } else if (update) {
        if (!write_table(argv[2], results)) {
            std::fprintf(stderr, "%s: could not be written\n", argv[2]);
            return 1;
        }
    } else {
        for (const Result& result : results) std::printf("%s %s\n", result.name.c_str(), result.hash.c_str());
    }
    return wrong == 0 ? 0 : 1;
}
