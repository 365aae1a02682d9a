# Sourced by the programs beside it: runs a class of the test sources without a build, by Java's source launcher.

find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25*; do
        if [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] && "$candidate/bin/java" -version 2>&1 | head -n 1 | grep -q '"25[."]'; then
            echo "$candidate"
            return 0
        fi
    done
    echo "needs a JDK 25: set JAVA_HOME to one" >&2
    return 1
}

# run_java PATH_OF_SOURCE_BELOW_TEST_SOURCES ARGUMENTS...
run_java() {
    local module jdk source=$1
    shift
    module=$(dirname "$here")
    jdk=$(find_jdk)
    exec "$jdk/bin/java" -Xmx1g "-Dquantadb.home=${QUANTADB_HOME:-$module/../server}" "$module/src/test/java/$source" "$@"
}
