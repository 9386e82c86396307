using System.Collections;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>
/// Copies an application's setup of a bare connection (<c>GetDbConnection()</c>) to the connection of the other server. This includes event handlers,
/// callbacks, tokens, and SQLite's functions and collations. A handler that the application removes is removed there as well. Has the lifetime of the
/// context; not thread safe.
/// </summary>
/// <remarks>Used only for contexts whose bare connection the application took. Setup that the drivers store in other ways is not found.</remarks>
internal sealed class HandSetup
{
    // Fields of Microsoft.Data.Sqlite with entries that a connection registers each time it is opened.
    private static readonly string[] RegisteredAtOpening = ["_functions", "_aggregates", "_collations"];

    private static readonly ConcurrentDictionary<Type, (EventInfo Event, FieldInfo Handlers)[]> Events = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Settings = new();
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Registers = new();

    private readonly List<(EventInfo Event, Delegate Handler)> _copied = [];

    /// <param name="from">The connection that the application was given.</param>
    /// <param name="to">The connection of the other server.</param>
    /// <param name="back">The setup that was copied in the other direction, which is not the application's own; null for none.</param>
    public void Copy(DbConnection from, DbConnection to, HandSetup? back)
    {
        if (from.GetType() != to.GetType())
            return;

        foreach (var (copied, handler) in _copied)
            copied.RemoveEventHandler(to, handler);
        _copied.Clear();
        foreach (var (@event, handlers) in Events.GetOrAdd(from.GetType(), FindEvents))
        {
            foreach (var handler in (handlers.GetValue(from) as Delegate)?.GetInvocationList() ?? [])
                CopyHandler(@event, handler, to, back);
        }

        foreach (var setting in Settings.GetOrAdd(from.GetType(), FindSettings))
        {
            if (setting.GetValue(from) is { } value && setting.GetValue(to) is null)
                CopySetting(setting, value, to);
        }

        foreach (var register in Registers.GetOrAdd(from.GetType(), FindRegisters))
            CopyRegister(register, from, to);
    }

    private void CopyHandler(EventInfo @event, Delegate handler, DbConnection connection, HandSetup? back)
    {
        if (back?._copied.Contains((@event, handler)) == true)
            return;

        @event.AddEventHandler(connection, handler);
        _copied.Add((@event, handler));
    }

    private static void CopySetting(PropertyInfo setting, object value, DbConnection connection)
    {
        try
        {
            setting.SetValue(connection, value);
        }
        catch (TargetInvocationException)
        {
            // The connection's own string already defines how it logs in.
        }
    }

    private static void CopyRegister(FieldInfo register, DbConnection from, DbConnection to)
    {
        if (register.GetValue(from) is not IDictionary { Count: > 0 } entries)
            return;
        if (register.GetValue(to) is not IDictionary known)
        {
            register.SetValue(to, Activator.CreateInstance(register.FieldType, entries));
            return;
        }

        foreach (DictionaryEntry entry in entries)
            known[entry.Key] = entry.Value;
    }

    // An event that is declared without accessors stores its handlers in a field of the same name.
    private static (EventInfo, FieldInfo)[] FindEvents(Type type) =>
    [
        .. from @event in type.GetEvents(BindingFlags.Instance | BindingFlags.Public)
           let field = FieldOf(@event)
           where field is not null && @event.Name != nameof(DbConnection.Disposed)
           select (@event, field),
    ];

    private static FieldInfo? FieldOf(EventInfo @event)
    {
        for (var type = @event.DeclaringType; type is not null; type = type.BaseType)
        {
            if (type.GetField(@event.Name, BindingFlags.Instance | BindingFlags.NonPublic) is { } field && typeof(Delegate).IsAssignableFrom(field.FieldType))
                return field;
        }

        return null;
    }

    // A connection string does not contain callbacks, tokens and credentials.
    private static PropertyInfo[] FindSettings(Type type) =>
    [
        .. from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
           where property is { CanRead: true, CanWrite: true } && property.SetMethod!.IsPublic && property.GetIndexParameters().Length == 0
               && (typeof(Delegate).IsAssignableFrom(property.PropertyType) || property.Name is "AccessToken" or "Credential")
           select property,
    ];

    private static FieldInfo[] FindRegisters(Type type) => type.Name != "SqliteConnection" ? [] :
    [
        .. from name in RegisteredAtOpening
           let field = type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)
           where field is not null && typeof(IDictionary).IsAssignableFrom(field.FieldType)
           select field,
    ];
}
