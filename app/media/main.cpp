// tallylock-media: does one job on one file that may be anybody's, without rights. Started by the other programs only.
#include "core/media/Sandbox.h"
#include "core/media/Serve.h"

#include <QGuiApplication>
#include <cstdlib>
#include <unistd.h>

int main(int count, char** values) {
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1); // pictures are painted here, and never shown
    ::setenv("QT_NO_GLIB", "1", 1);
    const QGuiApplication application(count, values);
    tallylock::media::warmUp();
    if (!tallylock::media::enterSandbox()) return 2;
    // What a hostile file has left behind is not tidied up.
    ::_exit(tallylock::media::serve());
}
