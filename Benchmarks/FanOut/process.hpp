// The server under test as a child: started, watched through /proc, ended.
#pragma once
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <sstream>

#include "websocket.hpp"

class ServerProcess {
public:
    // Starts a command by its words, with further environment; its output goes to a file.
    ServerProcess(const std::vector<std::string> &words, const std::vector<std::string> &environment, const std::string &log) {
        child = fork();
        require(child >= 0, "fork");
        if (child > 0) return;
        for (auto &entry : environment) putenv(strdup(entry.c_str()));
        if (!freopen(log.c_str(), "w", stdout) || dup2(1, 2) < 0) _exit(126);
        std::vector<char *> arguments;
        for (auto &word : words) arguments.push_back(strdup(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        perror(arguments[0]);
        _exit(127);
    }

    ~ServerProcess() {
        kill(child, SIGTERM);
        for (int i = 0; i < 300; i++) {
            if (waitpid(child, nullptr, WNOHANG) == child) return;
            usleep(10'000);
        }
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }

    // Waits until the port takes connections.
    void waitFor(int port) {
        for (int i = 0; i < 3000; i++) {
            int probe = connectTo(port);
            if (probe >= 0) {
                close(probe);
                return;
            }
            if (waitpid(child, nullptr, WNOHANG) == child) throw std::runtime_error("the server ended while starting");
            usleep(10'000);
        }
        throw std::runtime_error("the server does not listen after 30 s");
    }

    // Seconds of CPU used so far, all threads.
    double cpuSeconds() const {
        std::ifstream file("/proc/" + std::to_string(child) + "/stat");
        std::string line;
        std::getline(file, line);
        std::istringstream rest(line.substr(line.rfind(')') + 2));
        std::string word;
        double ticks = 0;
        for (int field = 3; field <= 15 && rest >> word; field++)
            if (field >= 14) ticks += atof(word.c_str());
        return ticks / double(sysconf(_SC_CLK_TCK));
    }

    // A line of /proc/PID/status in MiB, such as VmRSS or VmHWM.
    double mebibytes(const std::string &key) const {
        std::ifstream file("/proc/" + std::to_string(child) + "/status");
        for (std::string line; std::getline(file, line);)
            if (line.starts_with(key + ":")) return atof(line.c_str() + key.size() + 1) / 1024;
        return 0;
    }

private:
    pid_t child;
};
