// Holds the picture of the house: who may include whom, where Qt may be, and that the picture in
// docs/architecture.md, the CMake files and the sources say the same.
#include "tests/tidy/Arrows.h"

#include <QTest>

using namespace tallylock::tidy;

namespace {

const std::vector<std::string> kHouse = {"app", "core", "ui", "tests"};

/// Fails with every fault on a line of its own.
void expectNone(const Faults& faults) {
    std::string all;
    for (const auto& fault : faults) all += "\n  " + fault;
    QVERIFY2(faults.empty(), all.c_str());
}

/// A small house to plant bad includes in.
std::vector<Source> smallHouse() {
    return {{"core/base/Bytes.h", "#include <vector>\n"},
            {"core/money/Amount.h", "#include \"core/base/Bytes.h\"\n"},
            {"core/market/Book.h", "#include \"core/money/Amount.h\"\n"},
            {"core/ledger/Ledger.h", "#pragma once\n"},
            {"core/api/Client.h", "#include \"core/money/Amount.h\"\n"},
            {"core/host/Host.h", "#include \"core/market/Book.h\"\n"},
            {"core/store/Store.cpp", "#include <QSqlDatabase>\n"},
            {"ui/shell/Window.cpp", "#include <QMainWindow>\n#include \"core/api/Client.h\"\n"},
            {"app/desktop/main.cpp", "#include <QApplication>\n#include \"ui/shell/Window.h\"\n"},
            {"ui/shell/Window.h", "#include <QWidget>\n"},
            {"tests/ui/tst_window.cpp", "#include \"core/api/Client.h\"\n#include \"tst_window.moc\"\n"}};
}

} // namespace

class TestArrows : public QObject {
    Q_OBJECT
private slots:
    void theSmallHouseIsSound() { expectNone(checkIncludes(smallHouse(), houseArrows())); }

    void plantedIncludesAreNamed_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("fault");
        const char* const rows[][3] = {
            {"core/ledger/Bad.cpp", "core/market/Book.h", "ledger may not use market"},
            {"core/base/Bad.h", "core/money/Amount.h", "base may not use money"},
            {"core/market/Bad.h", "core/host/Host.h", "market may not use host"},
            {"core/api/Bad.h", "core/ledger/Ledger.h", "api may not use ledger"},
            {"core/host/Bad.cpp", "ui/shell/Window.h", "host may not use ui"},
            {"ui/shop/Bad.cpp", "core/host/Host.h", "ui may not use host"},
            {"app/cli/Bad.cpp", "ui/shell/Window.h", "app/cli may not use ui"},
            {"tests/ui/tst_bad.cpp", "core/host/Host.h", "tests/ui may not use host"},
            {"tests/ui/tst_bad.cpp", "ui/shell/Window.h", "tests/ui may not use ui"},
            {"tests/audit/auditor/Bad.cpp", "core/base/Bytes.h", "tests/audit/auditor stands alone"},
            {"tests/audit/auditor/Bad.cpp", "QString", "tests/audit/auditor may not use Qt"},
            {"core/money/Bad.cpp", "core/base/Gone.h", "no such file"},
            {"core/money/Bad.cpp", "../base/Bytes.h", "a path upwards"},
            {"core/money/Bad.cpp", "core/money/../base/Bytes.h", "a path upwards"},
            {"core/attic/Bad.h", "vector", "lies in no room"},
            {"core/money/Bad.cpp", "QString", "money may not use Qt"},
            {"core/engine/Bad.cpp", "QtCore/QString", "engine may not use Qt"},
            {"core/engine/Bad.cpp", "qglobal.h", "engine may not use Qt"},
            {"core/rails/Bad.cpp", "QSqlQuery", "rails may not use QtSql"},
            {"ui/shop/Bad.cpp", "QSqlQuery", "ui may not use QtSql"},
            {"core/store/Bad.cpp", "QTcpSocket", "store may not use QtNetwork"},
            {"ui/shop/Bad.cpp", "QtNetwork/QNetworkReply", "ui may not use QtNetwork"},
            {"core/store/Bad.cpp", "QLabel", "store may not use QtWidgets"},
            {"app/cli/Bad.cpp", "QApplication", "app/cli may not use QtWidgets"},
            {"app/desktop/Bad.cpp", "QTest", "app/desktop may not use QtTest"},
            {"ui/kit/Bad.cpp", "QtGui/private/qfont_p.h", "a private header of Qt"},
        };
        for (const auto& row : rows) {
            QTest::addRow("%s: %s", row[0], row[1])
                << QString::fromLatin1(row[0]) << QString::fromLatin1(row[1]) << QString::fromLatin1(row[2]);
        }
    }
    void plantedIncludesAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, header);
        QFETCH(QString, fault);
        for (const char* form : {"#include \"%1\"\n", "\n  #  include <%1> // why\n"}) {
            auto files = smallHouse();
            files.push_back({file.toStdString(), QString::fromLatin1(form).arg(header).toStdString()});
            const auto faults = checkIncludes(files, houseArrows());
            QVERIFY(!faults.empty());
            QVERIFY2(faults.front().starts_with(file.toStdString() + ":"), faults.front().c_str());
            QVERIFY2(faults.front().ends_with(fault.toStdString()), faults.front().c_str());
        }
    }

    void includesInCommentsDoNotCount() {
        auto files = smallHouse();
        files.push_back(
            {"core/base/Fine.h", "// #include \"core/money/Amount.h\"\nconst char* t = \"#include <QFile>\";\n"});
        expectNone(checkIncludes(files, houseArrows()));
    }

    void plantedCirclesAreNamed() {
        const Arrows anything = {{"ledger", {"market"}}, {"market", {"ledger"}}};
        const auto rooms = checkIncludes({{"core/ledger/A.h", "#include \"core/market/B.h\"\n"},
                                          {"core/market/B.h", ""},
                                          {"core/market/C.h", "#include \"core/ledger/D.h\"\n"},
                                          {"core/ledger/D.h", ""}},
                                         anything);
        QCOMPARE(rooms, Faults{"a circle of rooms: ledger -> market -> ledger"});

        const auto files = checkIncludes({{"core/ledger/A.h", "#include \"core/ledger/B.h\"\n"},
                                          {"core/ledger/B.h", "#include \"core/ledger/C.h\"\n"},
                                          {"core/ledger/C.h", "#include \"core/ledger/A.h\"\n"}},
                                         anything);
        QCOMPARE(files, Faults{"a circle of files: core/ledger/A.h -> core/ledger/B.h -> core/ledger/C.h -> "
                               "core/ledger/A.h"});
    }

    void plantedBuildArrowsAreNamed() {
        const std::vector<Source> build = {
            {"core/base/CMakeLists.txt", "tallylock_room(base SOURCES A.cpp LIBS X::y)\n"},
            {"core/money/CMakeLists.txt", "tallylock_room(money # why\n  SOURCES A.cpp\n  USES base)\n"},
            {"core/market/CMakeLists.txt", "tallylock_room(market SOURCES A.cpp USES money nobody LIBS Z)\n"},
            {"core/ledger/CMakeLists.txt", "tallylock_room(ledger SOURCES A.cpp USES market)\n"},
            {"core/attic/CMakeLists.txt", "tallylock_room(attic SOURCES A.cpp)\n"},
        };
        Faults faults;
        const auto drawn = arrowsOfBuild(build, faults);
        QCOMPARE(faults, Faults{"the build of market uses nobody, which is no room"});
        const Arrows expected = {
            {"base", {}}, {"money", {"base"}}, {"market", {"money"}}, {"ledger", {"market"}}, {"attic", {}}};
        QCOMPARE(drawn, expected);
        const Arrows house = {{"base", {}},          {"money", {"base"}}, {"market", {"money"}},
                              {"ledger", {"money"}}, {"api", {"money"}},  {"app/cli", {"api"}}};
        const Faults expectedFaults = {"no room is named attic", "the build lets ledger use market",
                                       "the build does not let api use money"};
        QCOMPARE(checkBuild(drawn, house), expectedFaults);
    }

    void theHouseHasNoCircle() { expectNone(circlesIn(houseArrows())); }

    void theRoomsUnderTheEngineDoNotKnowEachOther() {
        const std::set<std::string> five = {"ledger", "parties", "treasury", "market", "escrow"};
        for (const auto& room : five) {
            for (const auto& used : reachOf(room, houseArrows())) QVERIFY(used == room || !five.contains(used));
        }
    }

    void sourcesKeepTheArrows() {
        const auto files = sourcesIn(kHouse, {".cpp", ".h"});
        QVERIFY(files.size() > 10);
        expectNone(checkIncludes(files, houseArrows()));
    }

    void buildKeepsTheArrows() {
        Faults faults;
        const auto drawn = arrowsOfBuild(sourcesIn({"core", "ui", "app"}, {"CMakeLists.txt"}), faults);
        expectNone(faults);
        QVERIFY(drawn.contains("base"));
        expectNone(checkBuild(drawn, houseArrows()));
        expectNone(circlesIn(drawn));
    }

    void documentDrawsTheSameArrows() {
        auto documented = arrowsOfDocument(sourceAt("docs/architecture.md").text);
        for (const auto& [room, targets] : houseArrows()) {
            if (room.starts_with("tests")) continue;
            QVERIFY2(documented.contains(room), ("docs/architecture.md lacks " + room).c_str());
            QVERIFY2(documented[room] == targets, ("docs/architecture.md draws other arrows from " + room).c_str());
            documented.erase(room);
        }
        for (const auto& [room, targets] : documented) QFAIL(("docs/architecture.md invents " + room).c_str());
    }
};

QTEST_GUILESS_MAIN(TestArrows)
#include "tst_arrows.moc"
