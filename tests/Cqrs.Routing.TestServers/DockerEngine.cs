using System.Net.Sockets;

namespace Cqrs.Routing.TestServers;

/// <summary>Whether a Docker engine listens, found out at once: Testcontainers takes long to conclude that none does.</summary>
internal static class DockerEngine
{
    public static bool Answers() => Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
        ? Answers(new Uri(host))
        : OperatingSystem.IsWindows() ? File.Exists(@"\\.\pipe\docker_engine") : Sockets().Any(AnswersAt);

    private static bool Answers(Uri host) => host.Scheme switch
    {
        "unix" => AnswersAt(host.AbsolutePath),
        "npipe" => File.Exists(@"\\.\pipe\" + Path.GetFileName(host.AbsolutePath)),
        _ => AnswersAt(host.Host, host.Port),
    };

    private static IEnumerable<string> Sockets()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        yield return "/var/run/docker.sock";
        yield return Path.Combine(home, ".docker", "run", "docker.sock");
        yield return Path.Combine(home, ".docker", "desktop", "docker.sock");
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            yield return Path.Combine(runtime, "docker.sock");
    }

    private static bool AnswersAt(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return File.Exists(path) && Connects(() => socket.Connect(new UnixDomainSocketEndPoint(path)));
    }

    private static bool AnswersAt(string host, int port)
    {
        using var client = new TcpClient();
        return Connects(() => client.ConnectAsync(host, port).Wait(TimeSpan.FromSeconds(1))) && client.Connected;
    }

    private static bool Connects(Action connect)
    {
        try
        {
            connect();
            return true;
        }
        catch (Exception exception) when (exception is SocketException or AggregateException)
        {
            return false;
        }
    }
}
