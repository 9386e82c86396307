using System.Net.Sockets;

namespace Cqrs.Routing.TestServers;

/// <summary>Whether a Docker engine answers, found out at once: Testcontainers takes long to conclude that none does.</summary>
internal static class DockerEngine
{
    private const string WindowsPipe = @"\\.\pipe\docker_engine";

    public static bool Answers()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            return Answers(new Uri(host));

        return OperatingSystem.IsWindows() ? File.Exists(WindowsPipe) : Sockets().Any(AnswersAt);
    }

    private static bool Answers(Uri host) => host.Scheme switch
    {
        "unix" => AnswersAt(host.AbsolutePath),
        "npipe" => File.Exists(WindowsPipe),
        _ => Answers(new SocketsHttpHandler(), $"http://{host.Authority}/_ping"),
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

    private static bool AnswersAt(string socket) => File.Exists(socket) && Answers(
        new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken) },
        "http://localhost/_ping");

    private static bool Answers(SocketsHttpHandler handler, string ping)
    {
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var response = Task.Run(() => client.GetAsync(ping)).GetAwaiter().GetResult();
            return response.IsSuccessStatusCode && response.Headers.Contains("Api-Version");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
