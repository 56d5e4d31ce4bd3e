// What every source file must be: finished, without tabs, and short enough to read in one sitting.
#include "tests/tidy/Sources.h"

#include <QTest>

#include <algorithm>
#include <regex>

using namespace tallylock::tidy;

namespace {

constexpr std::size_t kMostLines = 500;

/// Marks of unfinished work. Written in halves, so that this file does not name itself.
const std::regex kUnfinished("\\b(TO"
                             "DO|FIX"
                             "ME|XX"
                             "X|HA"
                             "CK)\\b");

std::string faultOf(const Source& file) {
    std::size_t number = 0;
    for (const auto line : linesOf(file.text)) {
        ++number;
        const auto where = file.path + ":" + std::to_string(number) + ": ";
        if (line.find('\t') != std::string_view::npos) return where + "a tab";
        if (std::regex_search(line.begin(), line.end(), kUnfinished)) return where + "a mark of unfinished work";
    }
    const bool ofTheProduct = !file.path.starts_with("tests/");
    if (ofTheProduct && number > kMostLines) return file.path + ": " + std::to_string(number) + " lines";
    if (!file.text.empty() && file.text.back() != '\n') return file.path + ": no end of line at the end";
    return {};
}

/// Sources that the CMake file next to them (or above, within their room) does not name.
std::vector<std::string> unbuilt(const std::vector<Source>& sources, const std::vector<Source>& cmakeFiles) {
    std::vector<std::string> found;
    for (const auto& source : sources) {
        const auto name = source.path.substr(source.path.rfind('/') + 1);
        const bool named = std::any_of(cmakeFiles.begin(), cmakeFiles.end(), [&](const Source& cmake) {
            const auto folder = cmake.path.substr(0, cmake.path.rfind('/') + 1);
            return source.path.starts_with(folder) && cmake.text.find(name) != std::string::npos;
        });
        if (!named) found.push_back(source.path);
    }
    return found;
}

} // namespace

class TestTexts : public QObject {
    Q_OBJECT
private slots:
    void plantedFaultsAreNamed_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("fault");
        const auto longText = QString(int(kMostLines) + 1, QLatin1Char('\n'));
        QTest::newRow("tab") << "core/a.h"
                             << "int a;\n\tint b;\n"
                             << "core/a.h:2: a tab";
        QTest::newRow("mark") << "ui/a.cpp"
                              << "// TO"
                                 "DO: later\n"
                              << "ui/a.cpp:1: a mark of unfinished work";
        QTest::newRow("long") << "app/a.cpp" << longText << "app/a.cpp: 501 lines";
        QTest::newRow("long test") << "tests/a.cpp" << longText << "";
        QTest::newRow("cut off") << "core/a.h"
                                 << "int a;"
                                 << "core/a.h: no end of line at the end";
        QTest::newRow("fine") << "core/a.h"
                              << "int todo; // a hackney carriage\n"
                              << "";
    }
    void plantedFaultsAreNamed() {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(QString, fault);
        QCOMPARE(QString::fromStdString(faultOf({path.toStdString(), text.toStdString()})), fault);
    }

    void plantedUnbuiltSourcesAreNamed() {
        const std::vector<Source> sources = {{"core/a/One.cpp", ""}, {"core/a/deep/Two.h", ""}, {"core/b/One.cpp", ""}};
        const std::vector<Source> cmake = {{"core/a/CMakeLists.txt", "One.cpp deep/Two.h"},
                                           {"core/b/CMakeLists.txt", ""}};
        QCOMPARE(unbuilt(sources, cmake), std::vector<std::string>{"core/b/One.cpp"});
    }

    /// A file that no room lists is compiled by nobody and tested by nobody.
    void everySourceIsBuilt() {
        const auto lost =
            unbuilt(sourcesIn({"app", "core", "ui"}, {".cpp"}), sourcesIn({"app", "core", "ui"}, {"CMakeLists.txt"}));
        QString all;
        for (const auto& path : lost) all += QStringLiteral("\n  ") + QString::fromStdString(path);
        QVERIFY2(all.isEmpty(), qPrintable(all));
    }

    void everySourceIsFinished() {
        const auto files = sourcesIn({"app", "core", "ui", "tests", "packaging"},
                                     {".cpp", ".h", "CMakeLists.txt", ".cmake", ".ui", ".qss"});
        QVERIFY(files.size() > 10);
        QString all;
        for (const auto& file : files) {
            const auto fault = faultOf(file);
            if (!fault.empty()) all += QStringLiteral("\n  ") + QString::fromStdString(fault);
        }
        QVERIFY2(all.isEmpty(), qPrintable(all));
    }
};

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"
