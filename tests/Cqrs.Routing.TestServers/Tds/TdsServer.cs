using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>
/// SQL Server as far as a client can tell: a TCP server on loopback that speaks TDS 7.4 without encryption, takes any login and answers what a test wants. It
/// knows no SQL: it shows what a client sends to which server, and what the client does with errors that a real server gives rarely.
/// </summary>
/// <remarks>Thread safe. Every server has a port, and so a connection pool, of its own.</remarks>
public sealed class TdsServer : IAsyncDisposable
{
    public const string Host = "127.0.0.1";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<TdsRequest> _requests = new();
    private readonly ConcurrentQueue<TdsLogin> _logins = new();
    private readonly ConcurrentQueue<Exception> _problems = new();
    private readonly ConcurrentDictionary<int, (TdsSession Session, Task Run)> _sessions = new();
    private readonly List<(Func<TdsRequest, bool> IsMeant, TdsReply Reply)> _once = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _connections;
    private long _transactions;

    private TdsServer() => Listen(0);

    public int Port { get; private set; }

    /// <summary>What is answered; null answers that there is nothing. Asked for transactions too.</summary>
    public Func<TdsRequest, TdsReply?> Script { get; set; } = static _ => null;

    /// <summary>What a login is answered; null takes it.</summary>
    public Func<TdsLogin, TdsReply?> LoginScript { get; set; } = static _ => null;

    /// <summary>Where logins with read-only intent are sent, as the listener of an availability group does. Null: they stay here.</summary>
    public TdsServer? ReadOnlyRouting { get; set; }

    /// <summary>Whether the client may restore sessions that were lost while idle (connection resiliency).</summary>
    public bool RestoresSessions { get; set; } = true;

    /// <summary>All that was asked after logging in.</summary>
    public IReadOnlyList<TdsRequest> Requests => [.. _requests];

    /// <summary>The texts of the statements among <see cref="Requests"/>.</summary>
    public IReadOnlyList<string> Statements => [.. _requests.Where(request => request.IsStatement).Select(request => request.Text)];

    public IReadOnlyList<TdsLogin> Logins => [.. _logins];

    public static TdsServer Start() => new();

    public string ConnectionString(string database) => new SqlConnectionStringBuilder
    {
        DataSource = $"{Host},{Port}",
        InitialCatalog = database,
        UserID = "app",
        Password = "secret",
        Encrypt = SqlConnectionEncryptOption.Optional,
    }.ConnectionString;

    /// <summary>Answers the next statement in this way, and the others as before.</summary>
    public void AnswerOnce(TdsReply reply) => AnswerOnce(static request => request.IsStatement, reply);

    /// <inheritdoc cref="AnswerOnce(TdsReply)"/>
    public void AnswerOnce(Func<TdsRequest, bool> isMeant, TdsReply reply)
    {
        lock (_once)
            _once.Add((isMeant, reply));
    }

    public void ClearLog()
    {
        _requests.Clear();
        _logins.Clear();
    }

    /// <summary>Closes all connections; new ones are taken.</summary>
    public void Disconnect()
    {
        foreach (var (session, _) in _sessions.Values)
            session.Dispose();
    }

    /// <summary>Nobody listens from now on.</summary>
    public void Shut()
    {
        _listener?.Dispose();
        _listener = null;
        Disconnect();
    }

    /// <summary>Listens again, on the same port.</summary>
    public void Reopen() => Listen(Port);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Shut();
        await Task.WhenAll([_accepting, .. _sessions.Values.Select(session => session.Run)]);
        _stop.Dispose();
        // A request that the stub does not understand is no network failure to be tested.
        if (!_problems.IsEmpty)
            throw new AggregateException(_problems);
    }

    internal long NextTransaction() => Interlocked.Increment(ref _transactions);

    internal TdsReply Answer(TdsRequest request)
    {
        _requests.Enqueue(request);
        lock (_once)
        {
            var index = _once.FindIndex(once => once.IsMeant(request));
            if (index >= 0)
            {
                var reply = _once[index].Reply;
                _once.RemoveAt(index);
                return reply;
            }
        }

        return Script(request) ?? TdsReply.Done();
    }

    internal TdsReply? AnswerLogin(TdsLogin login)
    {
        _logins.Enqueue(login);
        return LoginScript(login);
    }

    private void Listen(int port)
    {
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                var number = Interlocked.Increment(ref _connections);
                var session = new TdsSession(this, number, client);
                _sessions[number] = (session, Task.Run(() => ServeAsync(session)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Shut.
        }
    }

    private async Task ServeAsync(TdsSession session)
    {
        using (session)
        {
            try
            {
                await session.RunAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException or SocketException)
            {
                // The client or the test closed the connection.
            }
            catch (Exception e)
            {
                _problems.Enqueue(e);
            }
        }
    }
}
