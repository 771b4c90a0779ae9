// Reads everything that is stored about an account, in pages: an account can have a million sessions.
import { and, eq, gt, type SQL, sql } from 'drizzle-orm';
import {
  accountTokens,
  auditEvents,
  knownDevices,
  mails,
  passkeys,
  recoveryCodes,
  sessions,
  totpFactors,
  users,
} from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

const session = {
  id: sessions.id,
  createdAt: sessions.createdAt,
  refreshedAt: sessions.refreshedAt,
  expiresAt: sessions.expiresAt,
  ip: sessions.ip,
  userAgent: sessions.userAgent,
  amr: sessions.amr,
  authenticatedAt: sessions.authenticatedAt,
  isEnded: sql<boolean>`${sessions.revokedAt} is not null or ${sessions.epoch} < ${users.sessionEpoch}`,
  endedAt: sessions.revokedAt,
  endedReason: sessions.revokedReason,
};

const isOwnOrAnonymous = (userId: number) =>
  sql`(${auditEvents.actorId} is not distinct from ${userId}::int or ${auditEvents.actorType} = 'anonymous')`;

/** Where a request of an operator came from is not the account's, but the operator's. */
const event = (userId: number) => ({
  id: auditEvents.id,
  at: auditEvents.at,
  event: auditEvents.event,
  actorType: auditEvents.actorType,
  isOwn: sql<boolean>`${auditEvents.actorId} is not distinct from ${userId}::int`,
  targetType: auditEvents.targetType,
  targetId: auditEvents.targetId,
  sessionId: auditEvents.sessionId,
  ip: sql<string | null>`case when ${isOwnOrAnonymous(userId)} then ${auditEvents.ip} end`,
  userAgent: sql<string | null>`case when ${isOwnOrAnonymous(userId)} then ${auditEvents.userAgent} end`,
  details: auditEvents.details,
});

const token = {
  id: accountTokens.id,
  purpose: accountTokens.purpose,
  email: accountTokens.email,
  attempts: accountTokens.attempts,
  createdAt: accountTokens.createdAt,
  expiresAt: accountTokens.expiresAt,
  usedAt: accountTokens.usedAt,
};

const mail = {
  id: mails.id,
  kind: mails.kind,
  recipient: mails.recipient,
  locale: mails.locale,
  state: mails.state,
  createdAt: mails.createdAt,
  sentAt: mails.sentAt,
};

/** Each page has the `size` rows that follow `after` in the order of their ids. */
export function createPersonalDataRepository(db: Db) {
  const eventsWhere = (userId: number, condition: SQL | undefined, after: number, size: number) =>
    db
      .select(event(userId))
      .from(auditEvents)
      .where(and(condition, gt(auditEvents.id, after)))
      .orderBy(auditEvents.id)
      .limit(size);

  return {
    /** Active and ended ones. */
    findSessions: (userId: number, after: number, size: number) =>
      db
        .select(session)
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.userId, userId), gt(sessions.id, after)))
        .orderBy(sessions.id)
        .limit(size),

    /** Events of what the user did. Two lists, because each has an index: together they would be sorted anew for each page. */
    findActs: (userId: number, after: number, size: number) =>
      eventsWhere(userId, eq(auditEvents.actorId, userId), after, size),

    /** Events of what others did with the account. */
    findActsOfOthers: (userId: number, after: number, size: number) =>
      eventsWhere(
        userId,
        and(
          eq(auditEvents.targetType, 'user'),
          eq(auditEvents.targetId, String(userId)),
          sql`${auditEvents.actorId} is distinct from ${userId}::int`,
        ),
        after,
        size,
      ),

    /** Bounded: an account remembers few devices. */
    findDevices: (userId: number) =>
      db
        .select({ seenAt: knownDevices.seenAt })
        .from(knownDevices)
        .where(eq(knownDevices.userId, userId))
        .orderBy(knownDevices.seenAt),

    /** Bounded: an account can have few. */
    findFactors: (userId: number) =>
      db
        .select({
          name: totpFactors.name,
          createdAt: totpFactors.createdAt,
          confirmedAt: totpFactors.confirmedAt,
          lastUsedAt: totpFactors.lastUsedAt,
        })
        .from(totpFactors)
        .where(eq(totpFactors.userId, userId))
        .orderBy(totpFactors.id),

    /** Bounded: an account can have few. Without the public key, which says nothing to people. */
    findPasskeys: (userId: number) =>
      db
        .select({
          name: passkeys.name,
          credentialId: passkeys.credentialId,
          backedUp: passkeys.backedUp,
          counter: passkeys.counter,
          transports: passkeys.transports,
          createdAt: passkeys.createdAt,
          lastUsedAt: passkeys.lastUsedAt,
        })
        .from(passkeys)
        .where(eq(passkeys.userId, userId))
        .orderBy(passkeys.id),

    /** One set. */
    findRecoveryCodes: (userId: number) =>
      db
        .select({ createdAt: recoveryCodes.createdAt, usedAt: recoveryCodes.usedAt })
        .from(recoveryCodes)
        .where(eq(recoveryCodes.userId, userId))
        .orderBy(recoveryCodes.usedAt),

    findTokens: (userId: number, after: number, size: number) =>
      db
        .select(token)
        .from(accountTokens)
        .where(and(eq(accountTokens.userId, userId), gt(accountTokens.id, after)))
        .orderBy(accountTokens.id)
        .limit(size),

    findMails: (userId: number, after: number, size: number) =>
      db
        .select(mail)
        .from(mails)
        .where(and(eq(mails.userId, userId), gt(mails.id, after)))
        .orderBy(mails.id)
        .limit(size),
  };
}

export type PersonalDataRepository = ReturnType<typeof createPersonalDataRepository>;
export type StoredSession = Awaited<ReturnType<PersonalDataRepository['findSessions']>>[number];
export type StoredEvent = Awaited<ReturnType<PersonalDataRepository['findActs']>>[number];
export type StoredDevice = Awaited<ReturnType<PersonalDataRepository['findDevices']>>[number];
export type StoredToken = Awaited<ReturnType<PersonalDataRepository['findTokens']>>[number];
export type StoredFactor = Awaited<ReturnType<PersonalDataRepository['findFactors']>>[number];
export type StoredPasskey = Awaited<ReturnType<PersonalDataRepository['findPasskeys']>>[number];
export type StoredRecoveryCode = Awaited<ReturnType<PersonalDataRepository['findRecoveryCodes']>>[number];
export type StoredMail = Awaited<ReturnType<PersonalDataRepository['findMails']>>[number];
