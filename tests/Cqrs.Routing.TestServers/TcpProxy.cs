using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Cqrs.Routing.TestServers;

/// <summary>Stands on loopback between an application and its server, and breaks what goes through it.</summary>
/// <remarks>Thread safe. It does to connections what networks, load balancers and dying servers do; the server itself is left alone.</remarks>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int FirstPort = 15_000;
    private const int PastLastPort = 30_000;

    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private readonly IPEndPoint _server;
    private readonly Lock _gate = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile TaskCompletionSource? _stall;
    private volatile bool _swallows;
    private long _delayTicks;

    private TcpProxy(IPEndPoint server, Socket listener)
    {
        _server = server;
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Listen(listener);
    }

    /// <summary>The port that stands for the server's.</summary>
    public int Port { get; }

    /// <summary>Connections that are open on the application's side.</summary>
    public int Connections => _connections.Count;

    /// <summary>How long everything that is sent, in both directions, is held back.</summary>
    /// <value>Default zero.</value>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Starts a proxy for a server on loopback.</summary>
    public static TcpProxy Start(int serverPort) => new(new(IPAddress.Loopback, serverPort), BindAnywhere());

    /// <summary>Resets all connections.</summary>
    /// <returns>How many there were.</returns>
    public int Reset()
    {
        var connections = _connections.Keys;
        foreach (var connection in connections)
            connection.Reset();
        return connections.Count;
    }

    /// <summary>Resets each connection in the middle of what the server says next.</summary>
    /// <param name="afterBytes">How much of it still goes through, for each connection.</param>
    /// <returns>How many connections there are.</returns>
    public int CutAfter(Func<int> afterBytes)
    {
        var connections = _connections.Keys;
        foreach (var connection in connections)
            connection.CutAfter(afterBytes());
        return connections.Count;
    }

    /// <summary>Nothing goes through any more, in either direction, until <see cref="Flow"/>. Who connects gets a connection, and no answer.</summary>
    public void Stall() => _stall ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was stalled goes on.</summary>
    public void Flow() => Interlocked.Exchange(ref _stall, null)?.TrySetResult();

    /// <summary>A black hole for new connections: who connects gets a connection, and no answer ever. Those that exist are left alone.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Swallows
    {
        get => _swallows;
        set => _swallows = value;
    }

    /// <summary>Refuses new connections until <see cref="Admit"/>. Those that exist are left alone.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Takes new connections again.</summary>
    public void Admit()
    {
        lock (_gate)
        {
            if (_listener is null)
                Listen(Bind(Port));
        }
    }

    /// <summary>Breaks all connections and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        Refuse();
        Flow();
        await _accepting.ConfigureAwait(false);
        Reset();
    }

    internal async Task PassAsync()
    {
        if (_stall is { } stall)
            await stall.Task.ConfigureAwait(false);
        if (Delay is { Ticks: > 0 } delay)
            await Task.Delay(delay).ConfigureAwait(false);
    }

    // Below the range that outgoing connections use, so that the port is still free when the proxy admits connections again.
    private static Socket BindAnywhere()
    {
        while (true)
        {
            try
            {
                return Bind(Random.Shared.Next(FirstPort, PastLastPort));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one.
            }
        }
    }

    private static Socket Bind(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(512);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private void Listen(Socket listener)
    {
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync().ConfigureAwait(false), _swallows);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Refuses from now on.
        }
    }

    private async Task ServeAsync(Socket client, bool swallowed)
    {
        using var connection = new ProxiedConnection(client, swallowed ? null : _server, PassAsync);
        _connections[connection] = true;
        await connection.RunAsync().ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }
}
