// A person at the windows: finds widgets by the names that a screen reader says, clicks and types.
#pragma once

#include "app/desktop/Desktop.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

namespace tallylock::ui::hands {

inline constexpr int kPatienceMs = 30'000; // for what the node does; a loaded machine is slow

inline QString nameOfWidget(QWidget* widget) {
    if (!widget->accessibleName().isEmpty()) return widget->accessibleName();
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(widget);
    return access ? access->text(QAccessible::Name) : QString();
}

/// The visible widget with this name; null if there is none at the moment.
template <class T>
T* look(QWidget* window, const QString& name) {
    if (!window) return nullptr;
    for (T* widget : window->findChildren<T*>()) {
        if (widget->isVisible() && nameOfWidget(widget) == name) return widget;
    }
    return nullptr;
}

inline QWidget* windowNamed(const QString& name) {
    for (QWidget* window : QApplication::topLevelWidgets()) {
        if (window->isVisible() && window->accessibleName() == name) return window;
    }
    return nullptr;
}
inline QWidget* windowOf(const QString& profile) { return windowNamed(QStringLiteral("Tallylock of ") + profile); }

inline QDir picturesFolder() {
    QDir folder(QStringLiteral(TALLYLOCK_BIN_DIR "/.."));
    folder.mkpath(QStringLiteral("screenshots"));
    folder.cd(QStringLiteral("screenshots"));
    return folder;
}

/// Leaves NAME-dark.png and NAME-light.png, and the window light.
inline void picture(QWidget* window, const QString& name) {
    for (const bool dark : {true, false}) {
        app::setDark(*qApp, dark);
        QTest::qWait(100);
        const QString file = name + (dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png"));
        QVERIFY(window->grab().save(picturesFolder().filePath(file)));
    }
}

inline bool canClick(QWidget* window, const QString& name) {
    auto* button = look<QPushButton>(window, name);
    return button && button->isEnabled();
}

/// The row of a list that shows this text; -1: none.
inline int rowOf(const QListView* list, const QString& text) {
    for (int row = 0; list && row < list->model()->rowCount(); ++row) {
        if (list->model()->index(row, 0).data().toString().contains(text)) return row;
    }
    return -1;
}

/// The program around a test of the windows, in the language of a country.
template <class Test>
int runTest(int argc, char** argv, const QString& locale = QStringLiteral("en_US")) {
    QTemporaryDir home; // nothing of the person who runs the test is read or written
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    qputenv("XDG_DATA_HOME", home.path().toUtf8());
    qputenv("DBUS_SESSION_BUS_ADDRESS", "disabled:"); // and their keychain is left alone
    QLocale::setDefault(QLocale(locale));
    QApplication app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    app::dressApplication(app);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace tallylock::ui::hands

// Waits for a button to come to life, then clicks it.
#define CLICK(window, name)                                                                                            \
    do {                                                                                                               \
        QTRY_VERIFY2_WITH_TIMEOUT(canClick(window, QStringLiteral(name)), "no button " name, kPatienceMs);             \
        QTest::mouseClick(look<QPushButton>(window, QStringLiteral(name)), Qt::LeftButton);                            \
    } while (false)

// Keeps a button pressed until it has acted.
#define HOLD(window, name, acted)                                                                                      \
    do {                                                                                                               \
        QTRY_VERIFY2_WITH_TIMEOUT(canClick(window, QStringLiteral(name)), "no button " name, kPatienceMs);             \
        auto* heldButton = look<QPushButton>(window, QStringLiteral(name));                                            \
        QTest::mousePress(heldButton, Qt::LeftButton);                                                                 \
        QTRY_VERIFY_WITH_TIMEOUT(acted, kPatienceMs);                                                                  \
        QTest::mouseRelease(heldButton, Qt::LeftButton);                                                               \
    } while (false)

// Waits for a field, empties it as a person would, and types.
#define TYPE(window, name, text)                                                                                       \
    do {                                                                                                               \
        QTRY_VERIFY2_WITH_TIMEOUT(look<QLineEdit>(window, name), qPrintable(name), kPatienceMs);                       \
        auto* field = look<QLineEdit>(window, name);                                                                   \
        QTest::mouseClick(field, Qt::LeftButton);                                                                      \
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);                                                        \
        QTest::keyClicks(field, text);                                                                                 \
    } while (false)

// Clicks the row of a list that shows a text.
#define CHOOSE(window, list, text)                                                                                     \
    do {                                                                                                               \
        QTRY_VERIFY2_WITH_TIMEOUT(rowOf(look<QListView>(window, QStringLiteral(list)), text) >= 0,                     \
                                  qPrintable(QStringLiteral(list " does not show ") + (text)), kPatienceMs);           \
        auto* view = look<QListView>(window, QStringLiteral(list));                                                    \
        const QModelIndex index = view->model()->index(rowOf(view, text), 0);                                          \
        view->scrollTo(index);                                                                                         \
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());                     \
    } while (false)

namespace tallylock::ui::hands {

/// From the welcome to the profile's own window, with the words read off the screen.
inline void createProfile(QWidget* window, const QString& name, const QString& passphrase) {
    CLICK(window, "Create a profile");
    // The words are read off the screen, as a person copies them to paper.
    QStringList words;
    for (int number = 1; number <= 12; ++number) {
        auto* cell = look<QWidget>(window, QStringLiteral("Word %1").arg(number));
        QVERIFY(cell);
        words << QAccessible::queryAccessibleInterface(cell)->text(QAccessible::Value);
        QVERIFY(!words.back().isEmpty());
    }
    CLICK(window, "I have written them down");
    int asked = 0;
    for (int number = 1; number <= 12; ++number) {
        const QString label = QStringLiteral("Word %1").arg(number);
        if (!look<QLineEdit>(window, label)) continue;
        TYPE(window, label, words[number - 1]);
        ++asked;
    }
    QCOMPARE(asked, 3);
    CLICK(window, "Continue");
    TYPE(window, QStringLiteral("Profile name"), name);
    TYPE(window, QStringLiteral("New passphrase"), passphrase);
    TYPE(window, QStringLiteral("Passphrase again"), passphrase);
    CLICK(window, "Create profile");
    QTRY_VERIFY_WITH_TIMEOUT(windowOf(name), kPatienceMs);
}

} // namespace tallylock::ui::hands
