// How a test of the views finds what a person sees, and leaves pictures of it in the build folder.
#pragma once

#include "ui/kit/Theme.h"

#include <QAbstractItemModel>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

namespace tallylock::ui {

/// The widget that a screen reader calls so.
template <class W>
W* named(QWidget& in, const char* name) {
    for (W* one : in.findChildren<W*>())
        if (one->accessibleName() == QLatin1String(name)) return one;
    qFatal("no widget is named %s", name);
}

inline QPushButton* button(QWidget& in, const char* text) {
    for (QPushButton* one : in.findChildren<QPushButton*>()) {
        QString label = one->text();
        if (label.remove(u'&') == QString::fromUtf8(text)) return one;
    }
    qFatal("no button says %s", text);
}

/// Clicks the button that says so and can be seen: of the pages of a wizard each may have one.
inline void press(QWidget& in, const char* text) {
    for (QPushButton* one : in.findChildren<QPushButton*>()) {
        QString label = one->text();
        if (one->isVisible() && label.remove(u'&') == QString::fromUtf8(text))
            return QTest::mouseClick(one, Qt::LeftButton);
    }
    qFatal("no button says %s", text);
}

/// With ordinary blanks.
inline QString plain(QString text) { return text.replace(QChar::Nbsp, u' '); }

inline bool shows(QWidget& in, const char* text) {
    for (const QLabel* label : in.findChildren<QLabel*>())
        if (label->isVisibleTo(&in) && plain(label->text()).contains(QString::fromUtf8(text))) return true;
    return false;
}

/// Presses until it has acted, as a person would who means it.
template <class Acted>
bool hold(QPushButton* one, Acted acted) {
    QTest::mousePress(one, Qt::LeftButton);
    const bool did = QTest::qWaitFor(acted, 20'000);
    QTest::mouseRelease(one, Qt::LeftButton);
    return did;
}

inline QStringList words(std::initializer_list<const char*> all) {
    QStringList list;
    for (const char* word : all) list << QString::fromLatin1(word);
    return list;
}

inline QStringList namesOf(const QAbstractItemModel& model) {
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row) names << model.index(row, 0).data().toString();
    return names;
}

/// How far from the end the decimal point stands, in each row of a column.
inline QSet<qsizetype> pointsOf(const QAbstractItemModel& model, int column) {
    QSet<qsizetype> points;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString text = model.index(row, column).data().toString();
        points << text.size() - text.lastIndexOf(QLocale().decimalPoint());
    }
    return points;
}

/// Its path.
inline QString writeFile(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes) {
    QFile out(folder.filePath(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size()) qFatal("cannot write a test file");
    return out.fileName();
}

/// screenshots/NAME-light.png and NAME-dark.png.
inline void leavePictures(QWidget& of, const QString& name) {
    QDir folder(QStringLiteral(TALLYLOCK_TEST_DIR));
    folder.mkpath(QStringLiteral("screenshots"));
    for (const Brightness brightness : {Brightness::Dark, Brightness::Light}) {
        applyTheme(*qApp, brightness);
        QTest::qWait(20);
        const QString end = brightness == Brightness::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        QVERIFY(of.grab().save(folder.filePath(QStringLiteral("screenshots/%1-%2.png").arg(name, end))));
    }
}

} // namespace tallylock::ui
