using System.Net;
using System.Net.Sockets;

namespace Cqrs.Routing.TestServers;

/// <summary>One connection through a <see cref="TcpProxy"/>; without a server, its client is never answered.</summary>
internal sealed class ProxiedConnection : IDisposable
{
    private const int Unlimited = int.MaxValue;

    private readonly Socket _client;
    private readonly IPEndPoint? _address;
    private readonly Func<Task> _pass;
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _left = Unlimited;

    public ProxiedConnection(Socket client, IPEndPoint? address, Func<Task> pass)
    {
        (_client, _address, _pass) = (client, address, pass);
        client.NoDelay = true;
    }

    /// <summary>Returns when either side is gone. What it said last still reaches the other one, unless it was reset.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (!await CopyAsync().ConfigureAwait(false))
                Reset();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Somebody reset it, or there is no server.
            Reset();
        }
    }

    public void CutAfter(int bytes) => Volatile.Write(ref _left, bytes);

    public void Reset()
    {
        Abort(_client);
        Abort(_server);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private async Task<bool> CopyAsync()
    {
        if (_address is null)
            return await CopyAsync(_client, null).ConfigureAwait(false);

        await _pass().ConfigureAwait(false);
        await _server.ConnectAsync(_address).ConfigureAwait(false);
        return await await Task.WhenAny(CopyAsync(_client, _server), CopyAsync(_server, _client)).ConfigureAwait(false);
    }

    // False if it was cut, true if it ended by itself.
    private async Task<bool> CopyAsync(Socket from, Socket? to)
    {
        var buffer = new byte[8192];
        while (await from.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and var received)
        {
            await _pass().ConfigureAwait(false);
            if (to is null)
                continue;

            var passes = ReferenceEquals(from, _server) ? TakeOf(received) : received;
            for (var sent = 0; sent < passes;)
                sent += await to.SendAsync(buffer.AsMemory(sent, passes - sent)).ConfigureAwait(false);
            if (passes < received)
                return false;
        }

        return true;
    }

    private int TakeOf(int received)
    {
        if (Volatile.Read(ref _left) is Unlimited)
            return received;

        var left = Interlocked.Add(ref _left, -received);
        return left >= 0 ? received : Math.Max(0, left + received);
    }

    // Lingering for no time at all is what makes it a reset. The other direction's copy fails of it, which nobody needs to hear of.
    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone.
        }

        socket.Dispose();
    }
}
